'use client';

import { segmentOf } from '@/lib/values/path-segment';
import { Switch } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs';
import { Link, useGo } from '@/components/page/link';
import { ListActions } from '@/components/page/list-actions';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { Banner } from '@/components/ui/banner';
import { FilteredAway } from '@/components/ui/filters/filtered-away';
import { ListFilter } from '@/components/ui/filters/list-filter';
import { holds, rowsKept, type RowFilter } from '@/components/ui/filters/row-filter';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useRowKeys } from '@/components/ui/table/use-row-keys';
import { useTopics } from '@/lib/client/use-topics';
import type { Cells } from '@/lib/client/save-rows';
import type { TopicListRow } from '@/lib/contract/topics';
import classes from './topics.module.css';

const INDEXED = ['yes', 'no'] as const;
const SHAPE = { name: parseAsString.withDefault(''), indexed: parseAsStringLiteral(INDEXED) };
const indexedOf = (row: TopicListRow) => (row.indexed ? 'yes' : 'no');

const CELLS: Cells<TopicListRow> = {
  topic: (row) => row.name,
  role: (row) => row.role,
  records: (row) => row.records,
  arriving_per_second: (row) => row.rateIn,
  partitions: (row) => row.partitions,
  groups: (row) => row.groups.join(' '),
  indexed: (row) => String(row.indexed),
};

/** Topics, with what is on them now and who reads them. */
export function TopicListPage() {
  const t = useTranslations('topics');
  const [internal, setInternal] = useQueryState('internal', parseAsBoolean.withDefault(false));
  const [filter, setFilter] = useQueryStates(SHAPE);
  const query = useTopics(internal);
  const { data } = query;
  const rows = data?.rows ?? [];
  const filters: RowFilter<TopicListRow>[] = [
    filter.indexed && {
      word: t('column.indexed'),
      keeps: (row: TopicListRow) => indexedOf(row) === filter.indexed,
      onClear: () => void setFilter({ indexed: null }),
    },
    filter.name !== '' && {
      word: t('filter'),
      keeps: (row: TopicListRow) => holds(filter.name, row.name, ...row.groups),
      onClear: () => void setFilter({ name: null }),
    },
  ].filter((item) => item !== null && item !== false);
  const shown = rowsKept(rows, filters);
  return (
    <>
      <div className={classes.head}>
        <h1>{t('title')}</h1>
        <span className="soft">
          {rows.length > 0
            ? t('sentence', { count: rows.length, indexed: rows.filter((row) => row.indexed).length })
            : null}
        </span>
        <ListActions name="topics" rows={() => shown} cells={CELLS} />
      </div>
      <Stale query={query} />
      <ListFilter
        label={t('filter')}
        name={filter.name}
        onName={(name) => void setFilter({ name })}
        total={rows.length}
        segments={INDEXED.map((value) => ({
          value,
          words: t(`isIndexed.${value}`),
          count: rows.filter((row) => indexedOf(row) === value).length,
        }))}
        chosen={filter.indexed}
        onChoose={(indexed) => void setFilter({ indexed })}
      >
        <Switch
          size="xs"
          className={classes.action}
          label={t('internal')}
          checked={internal}
          onChange={(event) => void setInternal(event.target.checked || null)}
        />
      </ListFilter>
      {data?.brokerProblem ? <Banner>{t('brokerAway', { reason: data.brokerProblem })}</Banner> : null}
      <div className="panel">
        {query.isPending ? <Waiting query={query} rows={6} label={t('loading')} /> : null}
        {data && rows.length === 0 ? <State title={t('none')}>{t('noneHint')}</State> : null}
        {shown.length > 0 ? <Table rows={shown} /> : null}
        {shown.length === 0 && rows.length > 0 ? (
          <FilteredAway rows={rows} filters={filters} onClear={() => void setFilter(null)} />
        ) : null}
      </div>
    </>
  );
}

function Table({ rows }: { rows: TopicListRow[] }) {
  const t = useTranslations('topics');
  const format = useFormat();
  const go = useGo();
  const path = (row: TopicListRow) => `/topics/${segmentOf(row.name)}`;
  const at = useRowKeys(rows.length, { open: (row) => rows[row] && go(path(rows[row])) });
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>{t('column.name')}</th>
          <th className="num">{t('column.records')}</th>
          <th className={`num ${classes.optional}`}>{t('column.rate')}</th>
          <th className={`num ${classes.optional}`}>{t('column.partitions')}</th>
          <th className={classes.optional}>{t('column.groups')}</th>
          <th className={classes.optional}>{t('column.indexed')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={row.name} data-chosen={index === at}>
            <td>
              <Link href={path(row)}>
                <b>{row.name}</b>
              </Link>{' '}
              {row.role === 'message' ? null : <span className="quiet">{t(`role.${row.role}`)}</span>}
            </td>
            <td className="num">{row.records === null ? t('unknown') : format.number(row.records)}</td>
            <td className={`num ${classes.optional}`}>
              {row.rateIn === null ? '–' : format.rate(row.rateIn)}
            </td>
            <td className={`num ${classes.optional}`}>{row.partitions}</td>
            <td className={classes.optional}>
              {row.groups.length > 0 ? format.list(row.groups) : <span className="quiet">{t('nobody')}</span>}
            </td>
            <td className={classes.optional}>{t(row.indexed ? 'yes' : 'no')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
