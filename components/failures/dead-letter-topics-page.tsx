'use client';

import { segmentOf } from '@/lib/values/path-segment';
import { Switch } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { Link, useGo } from '@/components/page/link';
import { ListActions } from '@/components/page/list-actions';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { Banner } from '@/components/ui/banner';
import { Bars } from '@/components/ui/charts/bars';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useRowKeys } from '@/components/ui/table/use-row-keys';
import type { Cells } from '@/lib/client/save-rows';
import { useDeadLetterTopics } from '@/lib/client/use-topics';
import type { DeadLetterTopicRow } from '@/lib/contract/topics';
import { FailureTabs } from './failure-tabs';
import classes from './failures.module.css';

const CELLS: Cells<DeadLetterTopicRow> = {
  topic: (row) => row.name,
  group: (row) => row.group,
  written_by: (row) => row.dialect,
  records: (row) => row.records,
  last_24_hours: (row) => sumOf(row.hours),
  newest_at: (row) => row.newestAt,
  still_failing: (row) => row.gaveUp,
};
const pathOf = (row: DeadLetterTopicRow) => `/topics/${segmentOf(row.name)}`;

/** Where what was given up lies: whose it is, who wrote it, whether it grows. */
export function DeadLetterTopicsPage() {
  const t = useTranslations('deadLetters');
  const query = useDeadLetterTopics();
  const { data } = query;
  const [empty, setEmpty] = useQueryState('empty', parseAsBoolean.withDefault(false));
  const rows = data?.rows ?? [];
  // What is not known may not be empty.
  const filled = rows.filter((row) => row.records !== 0);
  const shown = empty ? rows : filled;
  return (
    <>
      <div className={classes.head}>
        <h1>{t('title')}</h1>
        <span className="soft">
          {filled.length > 0
            ? t('sentence', {
                count: filled.length,
                records: filled.reduce((sum, row) => sum + (row.records ?? 0), 0),
                lately: filled.reduce((sum, row) => sum + (row.hours.at(-1) ?? 0), 0),
              })
            : null}
        </span>
        <ListActions name="dead-letter-topics" rows={() => shown} cells={CELLS} />
      </div>
      <FailureTabs />
      <Stale query={query} />
      {data?.brokerProblem ? <Banner>{t('brokerAway', { reason: data.brokerProblem })}</Banner> : null}
      {rows.length > filled.length ? (
        <Switch
          size="xs"
          mb={12}
          label={t('showEmpty', { count: rows.length - filled.length })}
          checked={empty}
          onChange={(event) => void setEmpty(event.target.checked || null)}
        />
      ) : null}
      <div className="panel">
        {query.isPending ? <Waiting query={query} rows={6} label={t('loading')} /> : null}
        {shown.length > 0 ? <Table rows={shown} /> : null}
        {data && shown.length === 0 ? <State title={t('none')}>{t('noneHint')}</State> : null}
      </div>
      <p className={classes.foot}>{t('foot')}</p>
    </>
  );
}

function Table({ rows }: { rows: DeadLetterTopicRow[] }) {
  const t = useTranslations('deadLetters.column');
  const go = useGo();
  const at = useRowKeys(rows.length, { open: (row) => rows[row] && go(pathOf(rows[row])) });
  return (
    <table className={`${classes.letters} phoneRows`}>
      <thead>
        <tr>
          <th>{t('topic')}</th>
          <th>{t('group')}</th>
          <th>{t('dialect')}</th>
          <th className="num">{t('records')}</th>
          <th>{t('growth')}</th>
          <th className="num">{t('newest')}</th>
          <th className="num">{t('failing')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Row key={row.name} row={row} chosen={index === at} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, chosen }: { row: DeadLetterTopicRow; chosen: boolean }) {
  const t = useTranslations('deadLetters');
  const format = useFormat();
  const day = sumOf(row.hours);
  return (
    <tr data-chosen={chosen}>
      <td className={classes.name}>
        <Link href={pathOf(row)}>
          <b>{row.name}</b>
        </Link>
      </td>
      <td className={classes.of}>
        {row.group ? <Link href={`/groups/${segmentOf(row.group)}`}>{row.group}</Link> : '–'}
      </td>
      <td className={classes.dialect}>
        {row.dialect === null ? (
          <span className="quiet">{t('notUnderstood')}</span>
        ) : (
          <span title={t('why')}>{t('sdk')}</span>
        )}
      </td>
      <td className="num">
        {row.records === null ? (
          '–'
        ) : (
          <>
            <b className={classes.bare}>{format.number(row.records)}</b>
            <span className={classes.inWords}>{t('records', { count: row.records })}</span>
          </>
        )}
      </td>
      <td className={classes.growth}>
        <Bars
          stacks={[{ counts: row.hours, tone: 'handle-fail-fill' }]}
          width={128}
          height={24}
          label={t('growthLabel', { count: day })}
        />
        <span className="quiet">{t('lately', { count: row.hours.at(-1) ?? 0 })}</span>
      </td>
      <td className={`num ${classes.newest}`}>
        {row.newestAt ? <span title={format.stamp(row.newestAt)}>{format.time(row.newestAt)}</span> : '–'}
      </td>
      <td className="num">
        {row.group && row.gaveUp > 0 ? (
          <Link href={`/groups/${segmentOf(row.group)}/failures`}>{t('failing', { count: row.gaveUp })}</Link>
        ) : (
          <span className="quiet">{t('noneFails')}</span>
        )}
      </td>
    </tr>
  );
}

function sumOf(counts: number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
