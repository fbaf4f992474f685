'use client';

import { useTranslations } from 'next-intl';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Link, useGo } from '@/components/shell/link';
import { Stale } from '@/components/shell/stale';
import { Waiting } from '@/components/shell/waiting';
import { Bars } from '@/components/ui/bars';
import { FilteredAway, holds, ListFilter } from '@/components/ui/list-filter';
import { Skeletons, State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useRowKeys } from '@/components/ui/use-row-keys';
import { useFailures } from '@/lib/client/use-failures';
import { useOverview } from '@/lib/client/use-overview';
import { failurePath } from '@/lib/domain/failure-path';
import type { FailureRow } from '@/lib/domain/failure-views';
import classes from './failures.module.css';
import { FailureState } from './failure-state';

const STATES = ['gaveUp', 'trying'] as const;
const SHAPE = { state: parseAsStringLiteral(STATES), name: parseAsString.withDefault('') };
const stateOf = (row: FailureRow) => (row.gaveUp > 0 ? 'gaveUp' : 'trying');

/** What fails now, by group, message type and error: what gave up first. */
export function FailureListPage() {
  const t = useTranslations('failures');
  const query = useFailures();
  const { data } = query;
  const rows = data?.rows ?? [];
  const [filter, setFilter] = useQueryStates(SHAPE);
  const shown = rows.filter(
    (row) =>
      (filter.state === null || stateOf(row) === filter.state) &&
      holds(filter.name, row.error, row.message, row.group, row.type, ...row.topics, ...row.releases),
  );
  return (
    <>
      <div className={classes.head}>
        <h1>{t('title')}</h1>
        <span className="soft">
          {rows.length > 0
            ? t('sentence', {
                gaveUp: rows.filter((row) => row.gaveUp > 0).length,
                count: rows.length,
                messages: rows.reduce((sum, row) => sum + row.messages, 0),
              })
            : null}
        </span>
      </div>
      <Stale query={query} />
      {rows.length > 0 ? (
        <ListFilter
          label={t('filter')}
          name={filter.name}
          onName={(name) => void setFilter({ name })}
          total={rows.length}
          segments={STATES.map((value) => ({
            value,
            words: t(`state.${value}`),
            count: rows.filter((row) => stateOf(row) === value).length,
          }))}
          chosen={filter.state}
          onChoose={(state) => void setFilter({ state })}
        />
      ) : null}
      <div className="panel">
        {query.isPending ? <Waiting query={query} rows={6} label={t('loading')} /> : null}
        {shown.length > 0 ? (
          <>
            <Began rows={shown} from={data?.trendFrom ?? ''} stepSeconds={data?.trendStepSeconds ?? 0} />
            <Table rows={shown} />
          </>
        ) : null}
        {data && rows.length === 0 ? <NothingFails /> : null}
        {shown.length === 0 && rows.length > 0 ? (
          <FilteredAway count={rows.length} onClear={() => void setFilter(null)} />
        ) : null}
      </div>
      {rows.length > 0 ? <p className={classes.foot}>{t('foot')}</p> : null}
    </>
  );
}

const TONES = { HANDLE_FAIL: 'handle-fail-fill', PUSH_FAIL: 'push-fail-fill' } as const;
const KINDS = Object.keys(TONES) as (keyof typeof TONES)[];
/** Marks of the time axis. */
const MARKS = 4;

/** When what fails now began to, by what became of it. */
function Began({ rows, from, stepSeconds }: { rows: FailureRow[]; from: string; stepSeconds: number }) {
  const t = useTranslations('failures');
  const statuses = useTranslations('status');
  const format = useFormat();
  const stacks = KINDS.map((kind) => ({
    kind,
    tone: TONES[kind],
    counts: sumOf(rows.filter((row) => row.status === kind).map((row) => row.trend)),
  }));
  const total = sumOf(stacks.map((stack) => stack.counts));
  const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);
  return (
    <div className={classes.histogram}>
      <div className={classes.legend}>
        <span>{t.rich('began', { b: (chunks) => <b>{chunks}</b>, count: sum(total) })}</span>
        {stacks.map(({ kind, tone, counts }) => (
          <span key={kind}>
            <i style={{ background: `var(--c-${tone})` }} /> {statuses(kind)}{' '}
            <b>{format.number(sum(counts))}</b>
          </span>
        ))}
        <span className="quiet">{t('beganIn', { count: Math.max(0, ...total) })}</span>
      </div>
      <Bars stacks={stacks} width={1160} height={56} label={t('beganLabel')} />
      <div className={classes.times} aria-hidden>
        {Array.from({ length: MARKS + 1 }, (_, mark) => {
          const steps = Math.floor((total.length * mark) / MARKS);
          return <span key={mark}>{format.mark(Date.parse(from) + steps * stepSeconds * 1_000)}</span>;
        })}
      </div>
    </div>
  );
}

function sumOf(trends: number[][]): number[] {
  const steps = trends[0]?.length ?? 24;
  return Array.from({ length: steps }, (_, at) => trends.reduce((sum, trend) => sum + (trend[at] ?? 0), 0));
}

/** Says that nothing fails, and never so while Courier can't see everything. */
function NothingFails() {
  const t = useTranslations('failures');
  const format = useFormat();
  const { data } = useOverview();
  if (!data) return <Skeletons rows={2} label={t('loading')} />;
  if (data.blind) {
    const unseen = data.needs.filter(({ kind }) => kind === 'blind' || kind === 'no_data');
    return (
      <State title={t('blind')} action={<Link href="/overview">{t('toOverview')}</Link>}>
        {t('blindHint', { unseen: unseen.map(({ subject }) => subject).join(', ') })}
      </State>
    );
  }
  const last = data.healed.toSorted((a, b) => (a.to < b.to ? 1 : -1))[0];
  return (
    <State title={t('none')}>
      {last ? (
        <p>
          {t('last', { error: last.error ?? t('noError'), group: last.group, time: format.time(last.to) })}
        </p>
      ) : null}
      {t('noneHint', {
        groups: data.groups,
        topics: data.topics,
        late: format.duration(data.lateSeconds ?? 0),
      })}
    </State>
  );
}

function Table({ rows }: { rows: FailureRow[] }) {
  const t = useTranslations('failures.column');
  const go = useGo();
  const at = useRowKeys(rows.length, (row) => rows[row] && go(failurePath(rows[row])));
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>{t('state')}</th>
          <th>{t('error')}</th>
          <th>{t('group')}</th>
          <th className="num">{t('messages')}</th>
          <th>{t('trend')}</th>
          <th className="num">{t('seen')}</th>
          <th>{t('release')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <Row key={failurePath(row)} row={row} chosen={index === at} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, chosen }: { row: FailureRow; chosen: boolean }) {
  const t = useTranslations('failures');
  const format = useFormat();
  return (
    <tr data-chosen={chosen}>
      <td className={classes.state}>
        <FailureState failure={row} />
      </td>
      <td className={classes.error}>
        <Link href={failurePath(row)}>
          <b>{row.error ?? t('noError')}</b>
        </Link>{' '}
        <span className="soft">{row.message}</span>
        <div className={classes.second}>
          {row.type ?? t('noType')}
          {row.only ? (
            <>
              {' · '}
              <Link href={`/messages/${row.only.id}`}>
                <code>{row.only.key ?? t('noKey')}</code>
              </Link>
            </>
          ) : null}
        </div>
      </td>
      <td className={classes.group}>
        {row.group}
        <div className={classes.second}>
          {row.alsoIn.length > 0 ? t('alsoIn', { groups: row.alsoIn.join(', ') }) : row.topics.join(', ')}
        </div>
      </td>
      <td className={`num ${classes.messages}`}>
        <b>{format.number(row.messages)}</b>
        <div className={classes.second}>{t('attempts', { count: row.attempts })}</div>
      </td>
      <td className={classes.trend}>
        <Bars
          stacks={[
            {
              counts: row.trend,
              tone: row.status === 'PUSH_FAIL' ? 'push-fail-fill' : 'handle-fail-fill',
            },
          ]}
          width={128}
          height={24}
          label={t('trendLabel', { count: row.trend.reduce((sum, count) => sum + count, 0) })}
        />
      </td>
      <td className={`num ${classes.seen}`}>
        <span title={format.stamp(row.firstAt)}>{format.time(row.firstAt)}</span>
        <div className={classes.second}>{format.time(row.lastAt)}</div>
      </td>
      <td className={classes.release}>
        {row.releases[0] ?? <span className="quiet">{t('noRelease')}</span>}
        <div className={classes.second}>{t('hosts', { count: row.hosts })}</div>
      </td>
    </tr>
  );
}
