'use client';

import { useTranslations } from 'next-intl';
import { Link } from '@/components/shell/link';
import { PageProblem } from '@/components/shell/problem';
import { Stale } from '@/components/shell/stale';
import { Waiting } from '@/components/shell/waiting';
import { useFormat } from '@/components/ui/use-format';
import { useGroup } from '@/lib/client/use-groups';
import type { GroupView } from '@/lib/domain/group-views';
import { GroupCharts } from './group-charts';
import classes from './groups.module.css';
import { FailuresOf } from './failures-of';
import { GroupTypeMark } from './group-type-mark';
import { VerdictChip } from './verdict-chip';
import { VerdictSentence } from './verdict-sentence';

/** One consumer group: how far behind, who holds what, and the lag over time. */
export function GroupPage({ name }: { name: string }) {
  const t = useTranslations('groups');
  const query = useGroup(name);
  const { data, error } = query;
  if (!data) {
    if (!error) return <Waiting isPage query={query} rows={8} label={t('loading')} />;
    return (
      <PageProblem
        error={error}
        gone={{ title: t('notFound', { name }), hint: t('notFoundHint') }}
        action={<Link href="/groups">{t('toList')}</Link>}
        onAgain={() => void query.refetch()}
      />
    );
  }
  return (
    <>
      <div className="crumb">
        <Link href="/groups">{t('title')}</Link> ›{' '}
        {data.topics.length > 0 ? t('reads', { topics: data.topics.join(', ') }) : t('readsNothing')}
      </div>
      <div className={classes.head}>
        <h1>{name}</h1>
        <VerdictChip verdict={data.verdict} />
        <GroupTypeMark type={data.type} />
        <span className={classes.headSentence}>
          <VerdictSentence group={data} />
          <FailuresOf group={data} />
        </span>
      </div>
      <Stale query={query} />
      <Numbers group={data} />
      <GroupCharts group={data} />
      <Partitions group={data} />
      <Members group={data} />
    </>
  );
}

function Numbers({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const format = useFormat();
  const worst = group.partitions[0];
  return (
    <dl className={classes.numbers}>
      <div>
        <dt>{t('lag')}</dt>
        <dd>
          {format.number(group.lag)} <small>{t('messages', { count: group.lag })}</small>
        </dd>
        <dd className={classes.note}>
          {worst && worst.lag > 0
            ? t('worst', { lag: worst.lag, topic: worst.topic, partition: worst.partition })
            : t('nothingUnread')}
        </dd>
      </div>
      <div>
        <dt>{t('behind')}</dt>
        <dd>{group.behindSeconds === null ? '–' : format.duration(group.behindSeconds)}</dd>
        <dd className={classes.note}>{t('behindHint')}</dd>
      </div>
      <div>
        <dt>{t('drains')}</dt>
        <Drains group={group} />
        <dd className={classes.note}>
          {t('rates', { rateIn: format.rate(group.rateIn ?? 0), rateOut: format.rate(group.rateOut ?? 0) })}
        </dd>
      </div>
      <div>
        <dt>{t('membersWord')}</dt>
        <dd className={group.members === 0 ? classes.never : undefined}>
          {group.members === null ? '–' : format.number(group.members)}
        </dd>
        <dd className={classes.note}>
          {group.noMembersSince
            ? t('nobodySince', { time: format.time(group.noMembersSince) })
            : t('measured', { time: format.time(group.sampledAt) })}
        </dd>
      </div>
    </dl>
  );
}

function Drains({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const format = useFormat();
  // What is on its way to a group that keeps up is not behind.
  if (group.lag === 0 || group.verdict === 'keeping_up') return <dd>{t('caughtUp')}</dd>;
  if (group.verdict === 'no_data') return <dd>–</dd>;
  if (group.drainSeconds === null) return <dd className={classes.never}>{t('never')}</dd>;
  return <dd>{format.duration(group.drainSeconds)}</dd>;
}

function Partitions({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const format = useFormat();
  return (
    <section className="panel">
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('partitions')}>
        <table className={classes.plain}>
          <thead>
            <tr>
              <th>{t('partition')}</th>
              <th>{t('heldBy')}</th>
              <th>{t('host')}</th>
              <th className="num">{t('position')}</th>
              <th className="num">{t('end')}</th>
              <th className="num">{t('lag')}</th>
              <th className="num">{t('behind')}</th>
              <th className="num">{t('inOut')}</th>
            </tr>
          </thead>
          <tbody>
            {group.partitions.map((row) => (
              <tr key={`${row.topic}/${row.partition}`}>
                <td>
                  {row.topic} / {row.partition}
                </td>
                <td>
                  {row.member ??
                    (group.members === null ? '–' : <span className={classes.never}>{t('nobody')}</span>)}
                </td>
                <td>{row.host ?? '–'}</td>
                <td className="num">{format.number(Number(row.committed))}</td>
                <td className="num">{format.number(Number(row.end))}</td>
                <td className="num">{row.lag > 0 ? <b>{format.number(row.lag)}</b> : 0}</td>
                <td className="num">
                  {row.behindSeconds === null ? '–' : format.duration(row.behindSeconds)}
                </td>
                <td className="num">
                  {format.rate(row.rateIn ?? 0)}, {format.rate(row.rateOut ?? 0)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Members({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  return (
    <section className="panel" aria-label={t('membersWord')}>
      <div className="panelHead">
        <h2>{t('membersWord')}</h2>
        <span className="quiet">
          {group.memberList === null ? t('membersUnknown') : t('members', { count: group.memberList.length })}
        </span>
      </div>
      {group.type === 'classic' ? null : <p className={classes.typeNote}>{t(`typeHint.${group.type}`)}</p>}
      <ul className={classes.members}>
        {(group.memberList ?? []).map((member) => (
          <li key={member.id}>
            <b>{member.clientId}</b> <span className="quiet">{member.host}</span>{' '}
            <code title={member.id}>{member.id.slice(-12)}</code>
            <div className="soft">
              {member.assignment.length > 0
                ? member.assignment.map((one) => `${one.topic}: ${one.partitions.join(', ')}`).join(' · ')
                : t('holdsNothing')}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
