'use client';

import { ActionIcon, Menu } from '@mantine/core';
import { IconDownload, IconLayoutSidebarRight } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from 'nuqs';
import { useState } from 'react';
import { Stale } from '@/components/shell/stale';
import { Waiting } from '@/components/shell/waiting';
import { onCluster } from '@/lib/client/cluster';
import { queryOf, useHistogram, useMessages, useNewer, type MessageFilters } from '@/lib/client/use-messages';
import { STATUSES } from '@/lib/domain/status';
import { FilterBar } from './filter-bar';
import classes from './list.module.css';
import { ListFoot } from './list-foot';
import { MessageTable } from './message-table';
const NothingListed = dynamic(() => import('./nothing-listed').then((module) => module.NothingListed), {
  ssr: false,
});
const Preview = dynamic(() => import('./preview').then((module) => module.Preview), { ssr: false });

const Histogram = dynamic(() => import('./histogram').then((module) => module.Histogram), { ssr: false });

const SHAPE = {
  status: parseAsArrayOf(parseAsStringLiteral(STATUSES)).withDefault([]),
  topic: parseAsString,
  group: parseAsString,
  type: parseAsString,
  key: parseAsString,
  service: parseAsString,
  kind: parseAsString,
  error: parseAsString,
  from: parseAsString,
  to: parseAsString,
  q: parseAsString,
  before: parseAsString,
};
const VIEW = { preview: parseAsBoolean.withDefault(false), minutes: parseAsInteger.withDefault(60) };

/** All messages, newest first; its whole state is in the address. */
export function MessageListPage() {
  const t = useTranslations('messages');
  const [filters, setFilters] = useQueryStates(SHAPE, { history: 'push' });
  const [view, setView] = useQueryStates(VIEW);
  const [chosen, setChosen] = useState<string | null>(null);
  const query = useMessages(filters);
  const { data, refetch } = query;
  const newer = useNewer(filters, data?.rows[0]?.id);
  const histogram = useHistogram(filters, view.minutes);
  const change = (next: Partial<MessageFilters>) =>
    void setFilters({ ...next, before: null } as Partial<typeof filters>);
  const failing = data?.rows.filter((row) => row.status.endsWith('FAIL')).length ?? 0;
  const shown = data?.rows.find((row) => row.id === chosen) ?? data?.rows[0];
  return (
    <>
      <div className={classes.head}>
        <h1>{t('title')}</h1>
        <span className="soft">
          {data && data.rows.length > 0 ? t('sentence', { shown: data.rows.length, failing }) : null}
          {filters.q ? ` · ${t('foundBy', { words: filters.q })}` : null}
        </span>
        <Tools
          query={queryOf({ ...filters, before: null })}
          isPreviewing={view.preview}
          onPreview={() => void setView({ preview: !view.preview || null })}
        />
      </div>
      <FilterBar filters={filters} names={data?.names} onChange={change} />
      <Stale query={query} />
      {filters.q === null && histogram.data ? (
        <div className="panel">
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
          <Histogram
            data={histogram.data}
            from={filters.from}
            to={filters.to}
            onBrush={(from, to) => change({ from, to })}
          />
        </div>
      ) : null}
      <div className={view.preview && shown ? classes.split : undefined}>
        <div className="panel">
          {(newer.data ?? 0) > 0 && filters.before === null ? (
            <button type="button" className={classes.newer} onClick={() => void refetch()}>
              {t('newer', { count: newer.data ?? 0 })}
            </button>
          ) : null}
          {query.isPending ? <Waiting query={query} rows={12} label={t('loading')} /> : null}
          {data && data.rows.length > 0 ? (
            <MessageTable rows={data.rows} group={filters.group} onChoose={setChosen} />
          ) : null}
          {data?.rows.length === 0 ? <NothingListed filters={filters} list={data} onChange={change} /> : null}
          {data && data.rows.length > 0 ? (
            <ListFoot filters={filters} list={data} onPage={(before) => void setFilters({ before })} />
          ) : null}
        </div>
        {view.preview && shown ? (
          <Preview key={shown.id} id={shown.id} onClose={() => void setView({ preview: null })} />
        ) : null}
      </div>
    </>
  );
}

const SPANS = [30, 60, 360, 1_440, 10_080] as const;

function Tools({
  query,
  isPreviewing,
  onPreview,
}: {
  query: string;
  isPreviewing: boolean;
  onPreview: () => void;
}) {
  const t = useTranslations('messages');
  const search = useSearchParams();
  const file = (format: string) => onCluster(`/api/messages/export?format=${format}&${query}`, search);
  return (
    <span className={classes.tools}>
      <ActionIcon
        variant={isPreviewing ? 'light' : 'subtle'}
        color={isPreviewing ? undefined : 'gray'}
        size={28}
        className={classes.previewButton}
        aria-pressed={isPreviewing}
        aria-label={t('preview')}
        onClick={onPreview}
      >
        <IconLayoutSidebarRight size={16} stroke={1.6} />
      </ActionIcon>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('export')}>
            <IconDownload size={16} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={file('csv')} download>
            {t('exportCsv')}
          </Menu.Item>
          <Menu.Item component="a" href={file('ndjson')} download>
            {t('exportNdjson')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}
