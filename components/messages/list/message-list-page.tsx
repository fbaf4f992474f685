'use client';

import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs';
import { useState } from 'react';
import { PageTabs } from '@/components/page/page-tabs';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { parseAsTime } from '@/components/ui/filters/parse-as-time';
import {
  NO_FILTERS,
  queryOf,
  useHistogram,
  useMessages,
  useNewer,
  type MessageFilters,
} from '@/lib/client/use-messages';
import { STATUSES } from '@/lib/domain/messages/status';
import type { MessageListRow } from '@/lib/contract/messages';
import { FilterBar } from './filter-bar';
import classes from './list.module.css';
import { MessageTable } from './message-table';

// What says or does something with a list comes with its rows, so that the page itself comes sooner.
const ListSentence = lazy(() => import('./list-sentence').then((module) => module.ListSentence));
const ListTools = lazy(() => import('./list-tools').then((module) => module.ListTools));
const ListFoot = lazy(() => import('./list-foot').then((module) => module.ListFoot));
const NothingListed = lazy(() => import('./nothing-listed').then((module) => module.NothingListed));
const BulkBar = lazy(() => import('./bulk-bar').then((module) => module.BulkBar));
const Preview = lazy(() => import('./preview').then((module) => module.Preview));

const Histogram = lazy(() => import('./histogram').then((module) => module.Histogram));

const SHAPE = {
  status: parseAsArrayOf(parseAsStringLiteral(STATUSES)).withDefault([]),
  topic: parseAsString,
  group: parseAsString,
  type: parseAsString,
  key: parseAsString,
  service: parseAsString,
  kind: parseAsString,
  error: parseAsString,
  from: parseAsTime,
  to: parseAsTime,
  q: parseAsString,
  before: parseAsString,
};
const VIEW = {
  preview: parseAsBoolean.withDefault(false),
  minutes: parseAsInteger.withDefault(60),
  row: parseAsString,
};

/** Messages, newest first; its whole state is in the address. `only` keeps it to one status. */
export function MessageListPage({ only }: { only?: (typeof STATUSES)[number] }) {
  const t = useTranslations('messages');
  const [asked, setFilters] = useQueryStates(SHAPE, { history: 'push' });
  const filters = only ? { ...asked, status: [only] } : asked;
  const [view, setView] = useQueryStates(VIEW);
  const [picked, setPicked] = useState<readonly MessageListRow[]>([]);
  const query = useMessages(filters);
  const { data, refetch } = query;
  const newer = useNewer(filters, data?.rows[0]?.id);
  const histogram = useHistogram(filters, view.minutes);
  // What happened to a row since is shown in it; rows that came since wait until they are asked for.
  const rows = data?.rows.map((row) => newer.data?.rows.get(row.id) ?? row) ?? [];
  const change = (next: Partial<MessageFilters>) =>
    void setFilters({ ...next, before: null } as Partial<typeof filters>);
  const shown = rows.find((row) => row.id === view.row) ?? rows[0];
  const pick = (ids: readonly string[]) =>
    setPicked(ids.flatMap((id) => [...picked, ...rows].find((row) => row.id === id) ?? []));
  return (
    <>
      <div className={classes.head}>
        <h1>{t('title')}</h1>
        {only || data?.names.services.length ? (
          <PageTabs
            isBesideTitle
            label={t('title')}
            tabs={[
              { href: '/messages', words: t('tab.all') },
              { href: '/messages/not-sent', words: t('tab.notSent') },
            ]}
          />
        ) : null}
        <span className="soft">
          <ListSentence
            filters={filters}
            list={data}
            histogram={histogram.data}
            span={t(`histogram.spanOf.${SPANS.find((item) => item === view.minutes) ?? 60}`)}
            onFailing={change}
          />
        </span>
        <ListTools
          query={queryOf({ ...filters, before: null })}
          isPreviewing={view.preview}
          onPreview={() => void setView({ preview: !view.preview || null })}
        />
      </div>
      <FilterBar filters={filters} names={data?.names} isOfOneStatus={only !== undefined} onChange={change} />
      <Stale query={query} />
      {filters.q === null && (histogram.data || !histogram.isError) ? (
        <div className={`panel ${classes.histogram}`}>
          <div className={classes.spans} role="group" aria-label={t('histogram.span')}>
            {SPANS.map((minutes) => (
              <button
                key={minutes}
                type="button"
                aria-pressed={minutes === view.minutes}
                onClick={() => void setView({ minutes })}
              >
                {t(`histogram.spanOf.${minutes}`)}
              </button>
            ))}
          </div>
          {histogram.data ? (
            <Histogram
              data={histogram.data}
              from={filters.from}
              to={filters.to}
              onBrush={(from, to) => change({ from, to })}
            />
          ) : null}
        </div>
      ) : null}
      <div className={view.preview && shown ? classes.split : undefined}>
        <div className="panel">
          {newer.data && newer.data.count > 0 ? (
            <button type="button" className={classes.newer} onClick={() => void refetch()}>
              {t('newer', { count: newer.data.count, isAll: String(newer.data.isAll) })}
            </button>
          ) : null}
          {query.isPending ? <Waiting query={query} rows={12} label={t('loading')} /> : null}
          {rows.length > 0 ? (
            <MessageTable
              rows={rows}
              group={filters.group}
              chosen={{ id: view.row, onChange: (row) => void setView({ row }) }}
              selection={{ ids: picked.map((row) => row.id), onChange: pick }}
            />
          ) : null}
          {data?.rows.length === 0 ? (
            <NothingListed
              filters={filters}
              unfiltered={{ ...NO_FILTERS, status: only ? [only] : [] }}
              list={data}
              onChange={change}
            />
          ) : null}
          {data && data.rows.length > 0 ? (
            <ListFoot filters={filters} list={data} onPage={(before) => void setFilters({ before })} />
          ) : null}
          {picked.length > 0 ? (
            <div className={classes.bulk} role="region" aria-label={t('bulk.label')}>
              <BulkBar
                ids={picked.map((row) => row.id)}
                groups={filters.group ? [filters.group] : failingGroups(picked)}
                onClear={() => setPicked([])}
              />
            </div>
          ) : null}
        </div>
        {view.preview && shown ? (
          <Preview key={shown.id} id={shown.id} onClose={() => void setView({ preview: null })} />
        ) : null}
      </div>
    </>
  );
}

/** Groups in which one of the messages fails. */
function failingGroups(rows: readonly MessageListRow[]): string[] {
  const failing = rows.filter((row) => row.status === 'HANDLE_FAIL' || row.status === 'PUSH_FAIL');
  return [...new Set(failing.flatMap((row) => (row.error && !row.error.past ? row.error.group : [])))];
}

const SPANS = [30, 60, 360, 1_440, 10_080] as const;
