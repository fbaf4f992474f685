'use client';

import { groupPath, topicPath } from '@/lib/contract/paths';
import { Switch } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { Link, useGo } from '@/components/page/link';
import { ListActions } from '@/components/page/list-actions';
import { ListPage } from '@/components/page/list-page';
import { Bars } from '@/components/ui/charts/bars';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { byNumber, byText, exportsOf, type Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useSort } from '@/components/ui/table/use-sort';
import { useDeadLetterTopics } from '@/lib/client/use-topics';
import type { DeadLetterTopicRow } from '@/lib/contract/topics';
import { FailureTabs } from './failure-tabs';
import classes from './failures.module.css';

const pathOf = (row: DeadLetterTopicRow) => topicPath(row.name);

/** Lists the dead letter topics: whose each is, which framework wrote it, and whether it grows. */
export function DeadLetterTopicsPage() {
  const t = useTranslations('deadLetters');
  const query = useDeadLetterTopics();
  const { data } = query;
  const [empty, setEmpty] = useQueryState('empty', parseAsBoolean.withDefault(false));
  const rows = data?.rows ?? [];
  // What is not known may not be empty.
  const filled = rows.filter((row) => row.records !== 0);
  const shown = empty ? rows : filled;
  const columns = useColumns();
  const { sorted, sorting } = useSort(shown, columns);
  const go = useGo();
  return (
    <ListPage
      title={t('title')}
      sentence={
        filled.length > 0
          ? t('sentence', {
              count: filled.length,
              records: filled.reduce((sum, row) => sum + (row.records ?? 0), 0),
              lately: filled.reduce((sum, row) => sum + (row.hours?.at(-1) ?? 0), 0),
            })
          : null
      }
      actions={<ListActions name="dead-letter-topics" rows={() => sorted} cells={exportsOf(columns)} />}
      tabs={<FailureTabs />}
      query={query}
      loading={{ label: t('loading'), rows: 6 }}
      problem={data?.brokerProblem ? t('brokerAway', { reason: data.brokerProblem }) : null}
      filters={
        rows.length > filled.length ? (
          <Switch
            size="xs"
            mb={12}
            label={t('showEmpty', { count: rows.length - filled.length })}
            checked={empty}
            onChange={(event) => void setEmpty(event.target.checked || null)}
          />
        ) : null
      }
      foot={t('foot')}
    >
      {sorted.length > 0 ? (
        <DataTable
          className={classes.letters}
          columns={columns}
          rows={sorted}
          keyOf={(row) => row.name}
          onOpen={(row) => go(pathOf(row))}
          sorting={sorting}
        />
      ) : null}
      {data && sorted.length === 0 ? <State title={t('none')}>{t('noneHint')}</State> : null}
    </ListPage>
  );
}

function useColumns(): Column<DeadLetterTopicRow>[] {
  const t = useTranslations('deadLetters');
  const format = useFormat();
  return [
    {
      id: 'topic',
      title: t('column.topic'),
      className: classes.name,
      compare: byText(({ name }) => name),
      exports: { topic: ({ name }) => name },
      cell: (row) => (
        <Link href={pathOf(row)}>
          <b>{row.name}</b>
        </Link>
      ),
    },
    {
      id: 'group',
      title: t('column.group'),
      className: classes.of,
      compare: byText(({ group }) => group),
      exports: { group: ({ group }) => group },
      cell: ({ group }) => (group ? <Link href={groupPath(group)}>{group}</Link> : '–'),
    },
    {
      id: 'dialect',
      title: t('column.dialect'),
      className: classes.dialect,
      exports: { written_by: ({ dialect }) => dialect },
      cell: ({ dialect }) =>
        dialect === null ? (
          <span className="quiet">{t('notUnderstood')}</span>
        ) : (
          <span title={t('why', { dialect })}>{dialect}</span>
        ),
    },
    {
      id: 'records',
      title: t('column.records'),
      isNumeric: true,
      compare: byNumber(({ records }) => records),
      sortsFirst: 'descending',
      exports: { records: ({ records }) => records },
      cell: ({ records }) =>
        records === null ? (
          '–'
        ) : (
          <>
            <b className={classes.bare}>{format.number(records)}</b>
            <span className={classes.inWords}>{t('records', { count: records })}</span>
          </>
        ),
    },
    {
      id: 'growth',
      title: t('column.growth'),
      className: classes.growth,
      exports: { last_24_hours: ({ hours }) => hours && sumOf(hours) },
      cell: ({ hours }) => (hours === null ? '–' : <Growth hours={hours} />),
    },
    {
      id: 'newest',
      title: t('column.newest'),
      className: classes.newest,
      isNumeric: true,
      compare: byText(({ newestAt }) => newestAt),
      sortsFirst: 'descending',
      exports: { newest_at: ({ newestAt }) => newestAt },
      cell: ({ newestAt }) =>
        newestAt ? <span title={format.stamp(newestAt)}>{format.time(newestAt)}</span> : '–',
    },
    {
      id: 'failing',
      title: t('column.failing'),
      isNumeric: true,
      compare: byNumber(({ gaveUp }) => gaveUp),
      sortsFirst: 'descending',
      exports: { still_failing: ({ gaveUp }) => gaveUp },
      cell: ({ group, gaveUp }) =>
        gaveUp === null ? (
          '–'
        ) : group && gaveUp > 0 ? (
          <Link href={`${groupPath(group)}/failures`}>{t('failing', { count: gaveUp })}</Link>
        ) : (
          <span className="quiet">{t('noneFails')}</span>
        ),
    },
  ];
}

function Growth({ hours }: { hours: number[] }) {
  const t = useTranslations('deadLetters');
  return (
    <>
      <Bars
        stacks={[{ counts: hours, tone: 'handle-fail-fill' }]}
        width={128}
        height={24}
        label={t('growthLabel', { count: sumOf(hours) })}
      />
      <span className="quiet">{t('lately', { count: hours.at(-1) ?? 0 })}</span>
    </>
  );
}

function sumOf(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
