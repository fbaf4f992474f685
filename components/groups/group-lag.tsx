'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { useGroup } from '@/lib/client/use-groups';
import type { GroupView } from '@/lib/contract/groups';
import { GroupCharts } from './group-charts';
import { GroupPartitions } from './group-partitions';
import classes from './groups.module.css';

/** How far a consumer group is behind: now, over time, and on each partition. */
export function GroupLag({ name }: { name: string }) {
  const { data, isError } = useGroup(name);
  if (!data) return null;
  const isOld = isError || data.verdict === 'no_data';
  return (
    <div data-old={isOld} className={classes.now}>
      <Numbers group={data} isOld={isOld} />
      <Evidence group={data} />
      <GroupCharts group={data} />
      <GroupPartitions group={data} />
    </div>
  );
}

function Numbers({ group, isOld }: { group: GroupView; isOld: boolean }) {
  const t = useTranslations('groups');
  const format = useFormat();
  const worst = group.partitions[0];
  const time = format.time(group.sampledAt);
  const asOf = t('asOf', { time });
  return (
    <dl className={classes.numbers}>
      <div>
        <dt>{t('lag')}</dt>
        <dd>
          {format.number(group.lag)} <small>{t('messages', { count: group.lag })}</small>
        </dd>
        <dd className={classes.note}>
          {isOld
            ? asOf
            : worst && worst.lag > 0
              ? t('worst', { lag: worst.lag, topic: worst.topic, partition: worst.partition })
              : t('nothingUnread')}
        </dd>
      </div>
      <div>
        <dt>{t('behind')}</dt>
        <dd>{group.behindSeconds === null ? '–' : format.duration(group.behindSeconds)}</dd>
        <dd className={classes.note}>
          {isOld && group.lag > 0 ? t('asOfMore', { time }) : isOld ? asOf : t('behindHint')}
        </dd>
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
            : t('measured', { time })}
        </dd>
      </div>
    </dl>
  );
}

function Drains({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const format = useFormat();
  if (group.verdict === 'no_data') return <dd>–</dd>;
  // What is on its way to a group that keeps up is not behind.
  if (group.lag === 0 || group.verdict === 'keeping_up') return <dd>{t('caughtUp')}</dd>;
  if (group.drainSeconds === null) return <dd className={classes.never}>{t('never')}</dd>;
  return <dd>{format.duration(group.drainSeconds)}</dd>;
}

/** What the verdict rests on. */
function Evidence({ group }: { group: GroupView }) {
  const t = useTranslations('groups.evidenceOf');
  const words = useTranslations('groups');
  const format = useFormat();
  const { partitions, behindSince } = group;
  if (partitions.length === 0) return null;
  const standing = partitions.find((partition) => partition.stands !== null);
  const said = [
    t('measured', { time: format.time(group.sampledAt), every: group.everySeconds }),
    standing
      ? t('stands', {
          topic: standing.topic,
          partition: standing.partition,
          time: format.time(standing.movedAt),
          end: format.number(Number(standing.end)),
        })
      : null,
    behindSince ? t('since', { time: format.time(behindSince) }) : null,
    t('read', {
      moving: partitions.filter((partition) => (partition.rateOut ?? 0) > 0).length,
      count: partitions.length,
    }),
    t('arrived', { count: partitions.filter((partition) => (partition.rateIn ?? 0) > 0).length }),
  ].filter((item) => item !== null);
  return (
    <p className={classes.evidence}>
      <b>{words('evidence')}</b>
      {said.map((item) => (
        <span key={item}>{item}</span>
      ))}
    </p>
  );
}
