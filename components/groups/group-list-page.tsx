'use client';

import { groupPath } from '@/lib/contract/paths';
import { useTranslations } from 'next-intl';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Link, useGo } from '@/components/page/link';
import { ListActions } from '@/components/page/list-actions';
import { ListPage } from '@/components/page/list-page';
import { FilteredAway } from '@/components/ui/filters/filtered-away';
import { ListFilter } from '@/components/ui/filters/list-filter';
import { holds, rowsKept, type RowFilter } from '@/components/ui/filters/row-filter';
import { Sparkline } from '@/components/ui/charts/sparkline';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { byNumber, byText, exportsOf, type Column } from '@/components/ui/table/columns';
import { DataTable } from '@/components/ui/table/data-table';
import { useSort } from '@/components/ui/table/use-sort';
import { useGroups } from '@/lib/client/use-groups';
import { STANDINGS, VERDICTS } from '@/lib/domain/groups/verdict';
import type { GroupWithFailures } from '@/lib/contract/groups';
import { visibleName } from '@/lib/values/visible-name';
import classes from './groups.module.css';
import { FailuresOf } from './failures-of';
import { GroupTypeMark } from './group-type-mark';
import { VerdictChip, VERDICT_TONE } from '@/components/status/verdict-chip';
import { LosesIn } from './loses-in';
import { Losses } from './losses';
import { useBehind } from './use-behind';
import { useDrain } from './use-drain';
import { VerdictSentence } from './verdict-sentence';

/** Rows with these verdicts need no attention, so they take one line. */
const CALM = new Set(['keeping_up', 'idle', 'read_without_membership']);

const SHAPE = {
  standing: parseAsStringLiteral(STANDINGS),
  verdict: parseAsStringLiteral(VERDICTS),
  name: parseAsString.withDefault(''),
};

/** Consumer groups in order of trouble, then of time. */
export function GroupListPage() {
  const t = useTranslations('groups');
  const query = useGroups();
  const { data } = query;
  const groups = data?.groups ?? [];
  const standings = useTranslations('standing');
  const [filter, setFilter] = useQueryStates(SHAPE);
  const filters: RowFilter<GroupWithFailures>[] = [
    filter.standing && {
      word: t('standing'),
      keeps: (group: GroupWithFailures) => group.standing === filter.standing,
      onClear: () => void setFilter({ standing: null }),
    },
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
  const columns = useColumns();
  const { sorted, sorting } = useSort(rowsKept(groups, filters), columns);
  const go = useGo();
  const count = (standing: (typeof STANDINGS)[number]) =>
    groups.filter((group) => group.standing === standing).length;
  return (
    <ListPage
      title={t('title')}
      sentence={
        groups.length > 0
          ? t('sentence', {
              total: groups.length,
              look: count('needs_a_look'),
              way: count('on_its_way'),
              well: count('well'),
              unknown: count('not_known'),
            })
          : null
      }
      actions={<ListActions name="consumer-groups" rows={() => sorted} cells={exportsOf(columns)} />}
      query={query}
      everySeconds={data?.everySeconds}
      loading={{ label: t('loading'), rows: 6 }}
      filters={
        groups.length > 0 ? (
          <ListFilter
            label={t('filter')}
            name={filter.name}
            onName={(name) => void setFilter({ name })}
            total={groups.length}
            segments={STANDINGS.map((value) => ({ value, words: standings(value), count: count(value) }))}
            chosen={filter.standing}
            onChoose={(standing) => void setFilter({ standing })}
          />
        ) : null
      }
      foot={data ? t('foot', { every: data.everySeconds }) : null}
    >
      {data && groups.length === 0 ? <State title={t('none')}>{t('noneHint')}</State> : null}
      {sorted.length > 0 ? (
        <DataTable
          className={classes.table}
          columns={columns}
          rows={sorted}
          keyOf={(group) => group.name}
          onOpen={(group) => go(groupPath(group.name))}
          sorting={sorting}
          rowProps={({ verdict }) => ({
            'data-old': verdict === 'no_data',
            className: CALM.has(verdict) ? classes.calm : undefined,
          })}
        />
      ) : null}
      {sorted.length === 0 && groups.length > 0 ? (
        <FilteredAway rows={groups} filters={filters} onClear={() => void setFilter(null)} />
      ) : null}
    </ListPage>
  );
}

function useColumns(): Column<GroupWithFailures>[] {
  const t = useTranslations('groups');
  const format = useFormat();
  const drainText = useDrain();
  const behindText = useBehind();
  const membersOf = ({ members }: GroupWithFailures): string =>
    members === null ? t('membersUnknown') : t('members', { count: members });
  return [
    {
      id: 'verdict',
      title: t('verdict'),
      className: classes.verdict,
      cell: ({ verdict, isMeasuring }) => <VerdictChip verdict={verdict} isMeasuring={isMeasuring} />,
      exports: {
        verdict: ({ verdict }) => verdict,
        standing: ({ standing }) => standing,
        since: ({ since }) => since,
      },
    },
    {
      id: 'group',
      title: t('group'),
      className: classes.group,
      compare: byText(({ name }) => name),
      exports: {
        group: ({ name }) => name,
        topics: ({ topics }) => topics.join(' '),
        failures: ({ failures }) => failures,
      },
      cell: (group) => <GroupCell group={group} />,
    },
    {
      id: 'behind',
      title: t('behind'),
      className: classes.behind,
      isNumeric: true,
      compare: byNumber(({ behindSeconds }) => behindSeconds),
      sortsFirst: 'descending',
      exports: { behind_seconds: ({ behindSeconds }) => behindSeconds },
      cell: ({ behindSeconds, behindIsAtLeast }) => behindText(behindSeconds, behindIsAtLeast),
    },
    {
      id: 'drains',
      title: t('drains'),
      className: classes.drains,
      isNumeric: true,
      exports: {
        catches_up_in_seconds: ({ drain }) => (drain.kind === 'time' ? Math.round(drain.highSeconds) : null),
      },
      cell: ({ drain }) =>
        drain.kind === 'never' ? <b className={classes.never}>{t('never')}</b> : (drainText(drain) ?? '–'),
    },
    {
      id: 'loses',
      title: t('loses'),
      className: classes.loses,
      isNumeric: true,
      priority: 1,
      exports: {
        loses_data_in_seconds: ({ risk }) => risk?.soonest?.presentSeconds ?? null,
        loses_data_if_stopped_in_seconds: ({ risk }) => risk?.soonest?.stoppedSeconds ?? null,
      },
      cell: ({ risk }) => <LosesIn risk={risk} />,
    },
    {
      id: 'lag',
      title: t('lag'),
      className: classes.lag,
      isNumeric: true,
      compare: byNumber(({ lag }) => lag),
      sortsFirst: 'descending',
      exports: { lag: ({ lag }) => lag, members: ({ members }) => members },
      cell: (group) => (
        <>
          {group.lag === null ? '–' : format.number(group.lag)}
          {CALM.has(group.verdict) ? null : (
            <div className={group.members === 0 ? classes.never : 'quiet'}>{membersOf(group)}</div>
          )}
        </>
      ),
    },
    {
      id: 'spark',
      title: t('spark'),
      className: classes.spark,
      priority: 2,
      exports: { measured_at: ({ sampledAt }) => sampledAt },
      cell: ({ spark, verdict, lag }) => (
        <Sparkline
          values={spark}
          tone={VERDICT_TONE[verdict]}
          label={t('sparkLabel', { lag: lag === null ? '–' : format.number(lag) })}
        />
      ),
    },
  ];
}

function GroupCell({ group }: { group: GroupWithFailures }) {
  const t = useTranslations('groups');
  const format = useFormat();
  const { members } = group;
  return (
    <>
      <Link href={groupPath(group.name)} className={classes.name}>
        <b title={group.name}>{visibleName(group.name)}</b>
      </Link>{' '}
      <GroupTypeMark type={group.type} />{' '}
      <span className="quiet">
        {format.list(group.topics)}
        {CALM.has(group.verdict)
          ? ` · ${members === null ? t('membersUnknown') : t('members', { count: members })}`
          : null}
      </span>
      <FailuresOf group={group} />
      <div className={classes.sentence}>
        <VerdictSentence group={group} />
      </div>
      <Losses group={group} />
    </>
  );
}
