'use client';

import { Button } from '@mantine/core';
import { Link } from '@/components/page/link';
import { useTranslations } from 'next-intl';
import { NotReadYet } from '@/components/page/not-read-yet';
import { isAllRead } from '@/lib/domain/workers/reading';
import { useFormat } from '@/components/ui/use-format';
import type { MessageFilters } from '@/lib/client/use-messages';
import type { MessageList } from '@/lib/contract/messages';
import classes from './list.module.css';

/** What was searched, and the way to older messages. */
export function ListFoot({
  filters,
  list,
  onPage,
}: {
  filters: MessageFilters;
  list: MessageList;
  onPage: (before: string | null) => void;
}) {
  const t = useTranslations('messages');
  const words = useTranslations('common');
  return (
    <div className={classes.foot}>
      <Searched filters={filters} list={list} />
      <span className={classes.pages}>
        {filters.before ? (
          <Button variant="subtle" onClick={() => onPage(null)}>
            {words('newest')}
          </Button>
        ) : null}
        {list.next ? (
          <Button variant="subtle" onClick={() => onPage(list.next)}>
            {words('older')}
          </Button>
        ) : (
          <span>{t('end')}</span>
        )}
      </span>
    </div>
  );
}

/** The time range that was searched, whether all of it was, and how many topics are not indexed. */
export function Searched({ filters, list }: { filters: MessageFilters; list: MessageList }) {
  const t = useTranslations('messages');
  const format = useFormat();
  const { looked, notIndexed, notRead } = list.searched;
  const isRanged = filters.from !== null || filters.to !== null;
  const isAll = String(looked === null && isAllRead(notRead));
  return (
    <span>
      {isRanged
        ? t('searchedRange', {
            from: filters.from ? format.time(filters.from) : (list.searched.from ?? ''),
            to: format.time(filters.to ?? list.searched.to),
            isAll,
          })
        : t('searchedSpan', { from: list.searched.from ?? '', isAll })}
      {looked === null ? null : ` ${t('looked', { count: looked })}`} <NotReadYet notRead={notRead} />
      {notIndexed > 0 ? (
        <>
          {' '}
          {t('notIndexed', { count: notIndexed })}{' '}
          <Link className="inText" href="/topics?indexed=no">
            {t('indexThem')}
          </Link>
        </>
      ) : null}
    </span>
  );
}
