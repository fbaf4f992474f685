'use client';

import { topicPath } from '@/lib/contract/paths';
import { Switch } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs';
import { Link, useGo } from '@/components/page/link';
import { ListActions } from '@/components/page/list-actions';
import { ListPage } from '@/components/page/list-page';
import { FilteredAway } from '@/components/ui/filters/filtered-away';
import { ListFilter } from '@/components/ui/filters/list-filter';
import { holds, rowsKept, type RowFilter } from '@/components/ui/filters/row-filter';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { byNumber, byText, exportsOf, type Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useSort } from '@/components/ui/table/use-sort';
import { useTopics } from '@/lib/client/use-topics';
import type { TopicListRow } from '@/lib/contract/topics';
import classes from './topics.module.css';

const INDEXED = ['yes', 'no'] as const;
const SHAPE = { name: parseAsString.withDefault(''), indexed: parseAsStringLiteral(INDEXED) };
const indexedOf = (row: TopicListRow) => (row.indexed ? 'yes' : 'no');

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
  const columns = useColumns();
  const { sorted, sorting } = useSort(rowsKept(rows, filters), columns);
  const go = useGo();
  return (
    <ListPage
      title={t('title')}
      sentence={
        rows.length > 0
          ? t('sentence', { count: rows.length, indexed: rows.filter((row) => row.indexed).length })
          : null
      }
      actions={<ListActions name="topics" rows={() => sorted} cells={exportsOf(columns)} />}
      query={query}
      loading={{ label: t('loading'), rows: 6 }}
      filters={
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
      }
      problem={data?.brokerProblem ? t('brokerAway', { reason: data.brokerProblem }) : null}
    >
      {data && rows.length === 0 ? <State title={t('none')}>{t('noneHint')}</State> : null}
      {sorted.length > 0 ? (
        <DataTable
          className={classes.table}
          columns={columns}
          rows={sorted}
          keyOf={(row) => row.name}
          onOpen={(row) => go(topicPath(row.name))}
          sorting={sorting}
        />
      ) : null}
      {sorted.length === 0 && rows.length > 0 ? (
        <FilteredAway rows={rows} filters={filters} onClear={() => void setFilter(null)} />
      ) : null}
    </ListPage>
  );
}

function useColumns(): Column<TopicListRow>[] {
  const t = useTranslations('topics');
  const format = useFormat();
  return [
    {
      id: 'name',
      title: t('column.name'),
      compare: byText(({ name }) => name),
      exports: { topic: ({ name }) => name, role: ({ role }) => role },
      cell: ({ name, role }) => (
        <>
          <Link href={topicPath(name)}>
            <b>{name}</b>
          </Link>{' '}
          {role === 'message' ? null : <span className="quiet">{t(`role.${role}`)}</span>}
        </>
      ),
    },
    {
      id: 'records',
      title: t('column.records'),
      isNumeric: true,
      compare: byNumber(({ records }) => records),
      sortsFirst: 'descending',
      exports: { records: ({ records }) => records },
      cell: ({ records }) => (records === null ? t('unknown') : format.number(records)),
    },
    {
      id: 'rate',
      title: t('column.rate'),
      isNumeric: true,
      className: classes.optional,
      compare: byNumber(({ rateIn }) => rateIn),
      sortsFirst: 'descending',
      exports: { arriving_per_second: ({ rateIn }) => rateIn },
      cell: ({ rateIn }) => (rateIn === null ? '–' : format.rate(rateIn)),
    },
    {
      id: 'partitions',
      title: t('column.partitions'),
      isNumeric: true,
      className: classes.optional,
      compare: byNumber(({ partitions }) => partitions),
      sortsFirst: 'descending',
      exports: { partitions: ({ partitions }) => partitions, unread_partitions: ({ unread }) => unread },
      cell: ({ partitions, unread }) =>
        unread === 0 ? (
          partitions
        ) : (
          <>
            {partitions} <span className={classes.unread}>{t('unreadCount', { count: unread })}</span>
          </>
        ),
    },
    {
      id: 'groups',
      title: t('column.groups'),
      className: classes.optional,
      exports: { groups: ({ groups }) => groups.join(' ') },
      cell: ({ groups }) =>
        groups.length > 0 ? format.list(groups) : <span className="quiet">{t('nobody')}</span>,
    },
    {
      id: 'indexed',
      title: t('column.indexed'),
      className: classes.optional,
      exports: { indexed: ({ indexed }) => String(indexed) },
      cell: ({ indexed }) => t(indexed ? 'yes' : 'no'),
    },
  ];
}
