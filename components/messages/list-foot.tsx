'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useMessages, type MessageFilters } from '@/lib/client/use-messages';
import type { MessageList } from '@/lib/domain/views';
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
  return (
    <div className={classes.foot}>
      <Searched filters={filters} list={list} />
      <span className={classes.pages}>
        {filters.before ? (
          <Button variant="subtle" onClick={() => onPage(null)}>
            {t('newest')}
          </Button>
        ) : null}
        {list.next ? (
          <Button variant="subtle" onClick={() => onPage(list.next)}>
            {t('older')}
          </Button>
        ) : (
          <span>{t('end')}</span>
        )}
      </span>
    </div>
  );
}

function Searched({ filters, list }: { filters: MessageFilters; list: MessageList }) {
  const t = useTranslations('messages');
  const format = useFormat();
  if (!filters.from && !filters.to)
    return <span>{t('searchedSpan', { from: list.searched.from ?? '' })}</span>;
  return (
    <span>
      {t('searchedRange', {
        from: filters.from ? format.time(filters.from) : (list.searched.from ?? ''),
        to: format.time(filters.to ?? list.searched.to),
      })}
    </span>
  );
}

const FILTERS = ['topic', 'group', 'type', 'key', 'service', 'kind', 'error', 'q'] as const;
const NO_FILTERS = {
  status: [],
  topic: null,
  group: null,
  type: null,
  key: null,
  service: null,
  kind: null,
  error: null,
  from: null,
  to: null,
  q: null,
};

/** An empty list says why: nothing yet, filtered away, or outside the time range. */
export function NothingListed({
  filters,
  list,
  onChange,
}: {
  filters: MessageFilters;
  list: MessageList;
  onChange: (next: Partial<MessageFilters>) => void;
}) {
  const t = useTranslations('messages');
  const isRanged = filters.from !== null || filters.to !== null;
  const isFiltered = filters.status.length > 0 || FILTERS.some((name) => filters[name] !== null);
  if (!isFiltered && !isRanged && filters.before === null) {
    return <State title={t('none')}>{t('noneHint')}</State>;
  }
  return (
    <State
      title={t('noneFiltered')}
      action={
        <Button variant="default" onClick={() => onChange(NO_FILTERS)}>
          {t('clear')}
        </Button>
      }
    >
      <Searched filters={filters} list={list} />
      {isRanged ? <Outside filters={filters} onShow={() => onChange({ from: null, to: null })} /> : null}
    </State>
  );
}

/** How many messages the time range hides. */
function Outside({ filters, onShow }: { filters: MessageFilters; onShow: () => void }) {
  const t = useTranslations('messages');
  const { data } = useMessages({ ...filters, from: null, to: null, before: null });
  const count = data?.rows.length ?? 0;
  if (count === 0) return null;
  return (
    <p>
      {t('outside', { count })}{' '}
      <Button variant="subtle" size="compact-xs" onClick={onShow}>
        {t('showAll')}
      </Button>
    </p>
  );
}
