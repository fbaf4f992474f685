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
import { ListPage } from '@/components/page/list-page';
import { PageTabs } from '@/components/page/page-tabs';
import { parseAsTime } from '@/components/ui/filters/parse-as-time';
import {
  NO_FILTERS,
  useHistogram,
  useMessages,
  useNewer,
  type MessageFilters,
} from '@/lib/client/use-messages';
import { lastMinutes, SPANS } from '@/lib/client/use-span';
import { isFailing, STATUSES } from '@/lib/domain/messages/status';
import { FILTER_NAMES, MESSAGE_FILTER, type FilterName } from '@/lib/contract/message-filter';
import type { MessageHistogram, MessageListRow } from '@/lib/contract/messages';
import { FilterBar } from './filter-bar';
import classes from './list.module.css';
import { MessageTable } from './message-table';

// Parts that describe the list or act on it load with its rows, so that the page itself appears sooner.
const ListSentence = lazy(() => import('./list-sentence').then((module) => module.ListSentence));
const ListTools = lazy(() => import('./list-tools').then((module) => module.ListTools));
const ListFoot = lazy(() => import('./list-foot').then((module) => module.ListFoot));
const NothingListed = lazy(() => import('./nothing-listed').then((module) => module.NothingListed));
const BulkBar = lazy(() => import('./bulk-bar').then((module) => module.BulkBar));
const Preview = lazy(() => import('./preview').then((module) => module.Preview));

const Histogram = lazy(() => import('./histogram').then((module) => module.Histogram));

const SHAPE = {
  ...(Object.fromEntries(
    FILTER_NAMES.map((name) => [name, MESSAGE_FILTER[name].form === 'time' ? parseAsTime : parseAsString]),
  ) as Record<FilterName, typeof parseAsString>),
  status: parseAsArrayOf(parseAsStringLiteral(STATUSES)).withDefault([]),
  q: parseAsString,
  before: parseAsString,
};
const VIEW = {
  preview: parseAsBoolean.withDefault(false),
  minutes: parseAsInteger,
  row: parseAsString,
};

/** Minutes that the bars are of where none are chosen; the list is of all time then. */
const SHOWN_MINUTES = 60;

/** Messages, newest first; its whole state is in the address. `only` keeps it to one status. */
export function MessageListPage({ only }: { only?: (typeof STATUSES)[number] }) {
  const t = useTranslations('messages');
  const { filters, view, setView, setFilters, change, choose } = useAddress(only);
  const [picked, setPicked] = useState<readonly MessageListRow[]>([]);
  const { narrowed, minutes, isNarrowed, renew } = useNarrowed(filters, view.minutes);
  const query = useMessages(narrowed);
  const { data, refetch } = query;
  const newer = useNewer(narrowed, data?.rows[0]?.id);
  const histogram = useHistogram(filters, minutes);
  const span = t(`histogram.spanOf.${minutes}`);
  // What happened to a row since is shown in it; rows that came since wait until they are asked for.
  const rows = data?.rows.map((row) => newer.data?.rows.get(row.id) ?? row) ?? [];
  const shown = rows.find((row) => row.id === view.row) ?? rows[0];
  const pick = (ids: readonly string[]) =>
    setPicked(ids.flatMap((id) => [...picked, ...rows].find((row) => row.id === id) ?? []));
  const isPreviewing = view.preview && shown !== undefined;
  return (
    <ListPage
      title={t('title')}
      besideTitle={only || data?.names.services.length ? <Tabs /> : null}
      sentence={
        <ListSentence
          filters={filters}
          list={data}
          histogram={histogram.data}
          span={span}
          isNarrowed={isNarrowed}
          onFailing={change}
        />
      }
      actions={
        <ListTools
          filters={narrowed}
          isPreviewing={view.preview}
          onPreview={() => void setView({ preview: !view.preview || null })}
        />
      }
      query={query}
      loading={{ label: t('loading'), rows: 12 }}
      filters={
        <FilterBar
          filters={filters}
          names={data?.names}
          isOfOneStatus={only !== undefined}
          last={isNarrowed ? t('lastMinutes', { span }) : null}
          onChange={change}
        />
      }
      above={
        filters.q === null && (histogram.data || !histogram.isError) ? (
          <OverTime
            data={histogram.data}
            minutes={minutes}
            onMinutes={(next) => renew(() => choose(next))}
            filters={filters}
            onChange={change}
          />
        ) : null
      }
      beside={
        isPreviewing ? (
          <Preview key={shown.id} id={shown.id} onClose={() => void setView({ preview: null })} />
        ) : null
      }
    >
      {newer.data ? <Newer {...newer.data} onShow={() => renew(refetch)} /> : null}
      {rows.length > 0 ? (
        <MessageTable
          rows={rows}
          group={filters.group}
          isNarrow={isPreviewing}
          chosen={{ id: view.row, onChange: (row) => void setView({ row }) }}
          selection={{ ids: picked.map((row) => row.id), onChange: pick }}
        />
      ) : null}
      {data?.rows.length === 0 ? (
        <NothingListed
          filters={narrowed}
          unfiltered={{ ...NO_FILTERS, status: only ? [only] : [] }}
          list={data}
          onChange={change}
        />
      ) : null}
      {data && data.rows.length > 0 ? (
        <ListFoot filters={narrowed} list={data} onPage={(before) => void setFilters({ before })} />
      ) : null}
      {picked.length > 0 ? (
        <BulkBar
          ids={picked.map((row) => row.id)}
          groups={filters.group ? [filters.group] : failingGroups(picked)}
          onClear={() => setPicked([])}
        />
      ) : null}
    </ListPage>
  );
}

/** The state of the list, which is in the address, and how it changes. */
function useAddress(only: (typeof STATUSES)[number] | undefined) {
  const [asked, setFilters] = useQueryStates(SHAPE, { history: 'push' });
  const filters = only ? { ...asked, status: [only] } : asked;
  const [view, setView] = useQueryStates(VIEW);
  const change = (next: Partial<MessageFilters>) => {
    // The last minutes go with the time that was chosen within them.
    if (next.from === null && next.to === null) void setView({ minutes: null });
    void setFilters({ ...next, before: null } as Partial<typeof filters>);
  };
  const choose = (minutes: number) => {
    void setFilters({ from: null, to: null, before: null });
    void setView({ minutes });
  };
  return { filters, view, setView, setFilters, change, choose };
}

/**
 * The filters with the last minutes as their time, where those are chosen and no other time is, and the minutes that the bars
 * are of. The time begins when it is chosen, and anew with `renew`: rows do not leave while a person reads them.
 */
function useNarrowed<Filters extends MessageFilters>(filters: Filters, chosen: number | null) {
  const [now, setNow] = useState(Date.now);
  const span = SPANS.find((minutes) => minutes === chosen) ?? null;
  const isNarrowed = span !== null && filters.from === null && filters.to === null;
  const begin = isNarrowed ? new Date(lastMinutes(span, now).from).toISOString() : null;
  return {
    narrowed: begin === null ? filters : { ...filters, from: begin },
    minutes: span ?? SHOWN_MINUTES,
    isNarrowed,
    renew: (also: () => unknown) => {
      setNow(Date.now());
      void also();
    },
  };
}

/** How many messages came since, and a button that shows them. */
function Newer({ count, isAll, onShow }: { count: number; isAll: boolean; onShow: () => void }) {
  const t = useTranslations('messages');
  if (count === 0) return null;
  return (
    <button type="button" className={classes.newer} onClick={onShow}>
      {t('newer', { count, isAll: String(isAll) })}
    </button>
  );
}

function Tabs() {
  const t = useTranslations('messages');
  return (
    <PageTabs
      isBesideTitle
      label={t('title')}
      tabs={[
        { href: '/messages', words: t('tab.all') },
        { href: '/messages/not-sent', words: t('tab.notSent') },
      ]}
    />
  );
}

/** How many messages there were over the last minutes, with the choice of how many minutes. */
function OverTime({
  data,
  minutes,
  onMinutes,
  filters,
  onChange,
}: {
  data: MessageHistogram | undefined;
  minutes: number;
  onMinutes: (minutes: number) => void;
  filters: Pick<MessageFilters, 'from' | 'to'>;
  onChange: (next: Partial<MessageFilters>) => void;
}) {
  const t = useTranslations('messages.histogram');
  return (
    <div className={`panel ${classes.histogram}`}>
      <div className={classes.spans} role="group" aria-label={t('span')}>
        {SPANS.map((span) => (
          <button key={span} type="button" aria-pressed={span === minutes} onClick={() => onMinutes(span)}>
            {t(`spanOf.${span}`)}
          </button>
        ))}
      </div>
      {data ? (
        <Histogram
          data={data}
          from={filters.from}
          to={filters.to}
          onBrush={(from, to) => onChange({ from, to })}
        />
      ) : null}
    </div>
  );
}

/** Groups in which one of the messages fails. */
function failingGroups(rows: readonly MessageListRow[]): string[] {
  const failing = rows.filter((row) => isFailing(row.status));
  return [...new Set(failing.flatMap((row) => (row.error && !row.error.past ? row.error.group : [])))];
}
