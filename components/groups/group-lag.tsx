'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { useGroup } from '@/lib/client/use-groups';
import type { GroupView } from '@/lib/domain/group-views';
import { GroupCharts } from './group-charts';
import classes from './groups.module.css';

/** How far a consumer group is behind: now, over time, and on each partition. */
export function GroupLag({ name }: { name: string }) {
  const { data } = useGroup(name);
  if (!data) return null;
  return (
    <>
      <Numbers group={data} />
      <GroupCharts group={data} />
      <Partitions group={data} />
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
