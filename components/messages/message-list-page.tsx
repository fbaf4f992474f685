'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Banner } from '@/components/ui/banner';
import { Skeletons, State } from '@/components/ui/state';
import { useMessages, useNewer, type MessageFilters } from '@/lib/client/use-messages';
import { STATUSES } from '@/lib/domain/status';
import { FilterBar } from './filter-bar';
import classes from './list.module.css';
import { MessageTable } from './message-table';

const SHAPE = {
  status: parseAsArrayOf(parseAsStringLiteral(STATUSES)).withDefault([]),
  topic: parseAsString,
  group: parseAsString,
  type: parseAsString,
  key: parseAsString,
  before: parseAsString,
};

/** All messages, newest first; its whole state is in the address. */
export function MessageListPage() {
  const t = useTranslations('messages');
  const [filters, setFilters] = useQueryStates(SHAPE, { history: 'push' });
  const { data, error, isPending, refetch } = useMessages(filters);
  const newer = useNewer(filters, data?.rows[0]?.id);
  const change = (next: Partial<MessageFilters>) =>
    void setFilters({ ...next, before: null } as Partial<typeof filters>);
  const clear = () => void setFilters(null);
  const isFiltered =
    filters.status.length > 0 || [filters.topic, filters.group, filters.type, filters.key].some(Boolean);
  const failing = data?.rows.filter((row) => row.status.endsWith('FAIL')).length ?? 0;
  return (
    <>
      <div className={classes.head}>
        <h1>{t('title')}</h1>
        <span className="soft">
          {data && data.rows.length > 0 ? t('sentence', { shown: data.rows.length, failing }) : null}
        </span>
      </div>
      <FilterBar filters={filters} names={data?.names} onChange={change} />
      {error ? (
        <Banner
          action={
            <Button variant="default" onClick={() => void refetch()}>
              {t('tryAgain')}
            </Button>
          }
        >
          {t('failed', { reason: error.message })}
        </Banner>
      ) : null}
      <div className="panel">
        {(newer.data ?? 0) > 0 && filters.before === null ? (
          <button type="button" className={classes.newer} onClick={() => void refetch()}>
            {t('newer', { count: newer.data ?? 0 })}
          </button>
        ) : null}
        {isPending && !error ? <Skeletons rows={12} label={t('loading')} /> : null}
        {data && data.rows.length > 0 ? <MessageTable rows={data.rows} group={filters.group} /> : null}
        {data?.rows.length === 0 ? (
          isFiltered || filters.before ? (
            <State
              title={t('noneFiltered')}
              action={
                <Button variant="default" onClick={clear}>
                  {t('clear')}
                </Button>
              }
            >
              {t('searchedSpan', { from: data.searched.from ?? '' })}
            </State>
          ) : (
            <State title={t('none')}>{t('noneHint')}</State>
          )
        ) : null}
        {data && data.rows.length > 0 ? (
          <div className={classes.foot}>
            <span>{t('searchedSpan', { from: data.searched.from ?? '' })}</span>
            <span className={classes.pages}>
              {filters.before ? (
                <Button variant="subtle" onClick={() => void setFilters({ before: null })}>
                  {t('newest')}
                </Button>
              ) : null}
              {data.next ? (
                <Button variant="subtle" onClick={() => void setFilters({ before: data.next })}>
                  {t('older')}
                </Button>
              ) : (
                <span>{t('end')}</span>
              )}
            </span>
          </div>
        ) : null}
      </div>
    </>
  );
}
