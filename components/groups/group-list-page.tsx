'use client';

import { segmentOf } from '@/lib/values/path-segment';
import { useTranslations } from 'next-intl';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Link, useGo } from '@/components/page/link';
import { ListActions } from '@/components/page/list-actions';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { FilteredAway } from '@/components/ui/filters/filtered-away';
import { ListFilter } from '@/components/ui/filters/list-filter';
import { holds, rowsKept, type RowFilter } from '@/components/ui/filters/row-filter';
import { Sparkline } from '@/components/ui/charts/sparkline';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useRowKeys } from '@/components/ui/table/use-row-keys';
import { useGroups } from '@/lib/client/use-groups';
import type { Cells } from '@/lib/client/save-rows';
import { TROUBLE, VERDICTS } from '@/lib/domain/groups/verdict';
import type { GroupWithFailures } from '@/lib/contract/groups';
import classes from './groups.module.css';
import { FailuresOf } from './failures-of';
import { GroupTypeMark } from './group-type-mark';
import { VerdictChip, VERDICT_TONE } from '@/components/status/verdict-chip';
import { VerdictSentence } from './verdict-sentence';

/** Verdicts beside which a time to catch up would mislead: nothing to catch up with, or not known. */
const UNSAID = new Set(['keeping_up', 'no_data']);

/** Rows of these want no look, so they take one line. */
const CALM = new Set(['keeping_up', 'idle']);

const SHAPE = { verdict: parseAsStringLiteral(VERDICTS), name: parseAsString.withDefault('') };

const CELLS: Cells<GroupWithFailures> = {
  group: (row) => row.name,
  verdict: (row) => row.verdict,
  topics: (row) => row.topics.join(' '),
  lag: (row) => row.lag,
  behind_seconds: (row) => row.behindSeconds,
  catches_up_in_seconds: (row) => row.drainSeconds,
  members: (row) => row.members,
  failures: (row) => row.failures,
  measured_at: (row) => row.sampledAt,
};

/** Consumer groups in order of trouble, then of time. */
export function GroupListPage() {
  const t = useTranslations('groups');
  const query = useGroups();
  const { data } = query;
  const groups = data?.groups ?? [];
  const verdicts = useTranslations('verdict');
  const [filter, setFilter] = useQueryStates(SHAPE);
  const filters: RowFilter<GroupWithFailures>[] = [
    filter.verdict && {
      word: t('verdict'),
      keeps: (group: GroupWithFailures) => group.verdict === filter.verdict,
      onClear: () => void setFilter({ verdict: null }),
    },
    filter.name !== '' && {
      word: t('filter'),
      keeps: (group: GroupWithFailures) => holds(filter.name, group.name, ...group.topics),
      onClear: () => void setFilter({ name: null }),
    },
  ].filter((item) => item !== null && item !== false);
  const shown = rowsKept(groups, filters);
  const trouble = groups.filter((group) => TROUBLE.has(group.verdict)).length;
  return (
    <>
      <div className={classes.head}>
        <h1>{t('title')}</h1>
        <span className="soft">
          {groups.length > 0 ? t('sentence', { total: groups.length, trouble }) : null}
        </span>
        <ListActions name="consumer-groups" rows={() => shown} cells={CELLS} />
      </div>
      <Stale query={query} everySeconds={data?.everySeconds} />
      {groups.length > 0 ? (
        <ListFilter
          label={t('filter')}
          name={filter.name}
          onName={(name) => void setFilter({ name })}
          total={groups.length}
          segments={VERDICTS.map((value) => ({
            value,
            words: verdicts(value),
            count: groups.filter((group) => group.verdict === value).length,
          }))}
          chosen={filter.verdict}
          onChoose={(verdict) => void setFilter({ verdict })}
        />
      ) : null}
      <div className="panel">
        {query.isPending ? <Waiting query={query} rows={6} label={t('loading')} /> : null}
        {data && groups.length === 0 ? <State title={t('none')}>{t('noneHint')}</State> : null}
        {shown.length > 0 ? <Table groups={shown} /> : null}
        {shown.length === 0 && groups.length > 0 ? (
          <FilteredAway rows={groups} filters={filters} onClear={() => void setFilter(null)} />
        ) : null}
      </div>
      {data ? <p className={classes.foot}>{t('foot', { every: data.everySeconds })}</p> : null}
    </>
  );
}

function Table({ groups }: { groups: GroupWithFailures[] }) {
  const t = useTranslations('groups');
  const go = useGo();
  const at = useRowKeys(groups.length, {
    open: (row) => groups[row] && go(`/groups/${segmentOf(groups[row].name)}`),
  });
  return (
    <table className={`${classes.table} phoneRows`}>
      <thead>
        <tr>
          <th>{t('verdict')}</th>
          <th>{t('group')}</th>
          <th className="num">{t('behind')}</th>
          <th className="num">{t('drains')}</th>
          <th className="num">{t('lag')}</th>
          <th>{t('spark')}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group, index) => (
          <Row key={group.name} group={group} chosen={index === at} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ group, chosen }: { group: GroupWithFailures; chosen: boolean }) {
  const t = useTranslations('groups');
  const format = useFormat();
  const isCalm = CALM.has(group.verdict);
  const members = group.members === null ? t('membersUnknown') : t('members', { count: group.members });
  return (
    <tr
      data-chosen={chosen}
      data-old={group.verdict === 'no_data'}
      className={isCalm ? classes.calm : undefined}
    >
      <td className={classes.verdict}>
        <VerdictChip verdict={group.verdict} />
      </td>
      <td className={classes.group}>
        <Link href={`/groups/${segmentOf(group.name)}`}>
          <b>{group.name}</b>
        </Link>{' '}
        <GroupTypeMark type={group.type} />{' '}
        <span className="quiet">
          {format.list(group.topics)}
          {isCalm ? ` · ${members}` : null}
        </span>
        <FailuresOf group={group} />
        <div className={classes.sentence}>
          <VerdictSentence group={group} />
        </div>
      </td>
      <td className={`num ${classes.behind}`}>
        {group.behindSeconds === null ? '–' : format.duration(group.behindSeconds)}
      </td>
      <td className={`num ${classes.drains}`}>
        {group.lag === 0 || UNSAID.has(group.verdict) ? (
          '–'
        ) : group.drainSeconds === null ? (
          <b className={classes.never}>{t('never')}</b>
        ) : (
          format.duration(group.drainSeconds)
        )}
      </td>
      <td className={`num ${classes.lag}`}>
        {format.number(group.lag)}
        {isCalm ? null : <div className={group.members === 0 ? classes.never : 'quiet'}>{members}</div>}
      </td>
      <td className={classes.spark}>
        <Sparkline
          values={group.spark}
          tone={VERDICT_TONE[group.verdict]}
          label={t('sparkLabel', { lag: format.number(group.lag) })}
        />
      </td>
    </tr>
  );
}
