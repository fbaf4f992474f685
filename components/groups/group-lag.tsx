'use client';

import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import { useGroup } from '@/lib/client/use-groups';
import type { GroupView } from '@/lib/contract/groups';
import { GroupCharts } from './group-charts';
import { GroupPartitions } from './group-partitions';
import { Expected } from './expectation';
import { LosesIn, useRiskNote } from './loses-in';
import { Losses } from './losses';
import { Moves } from './moves/move-list';
import { useDrain } from './use-drain';
import { useBehind } from './use-behind';
import classes from './groups.module.css';

/** A loss that is farther away is not shown with its time of day. */
const DAY_SECONDS = 86_400;

/** How far a consumer group is behind: now, over time, and on each partition. */
export function GroupLag({ name }: { name: string }) {
  const t = useTranslations('groups');
  const { data, isError } = useGroup(name);
  if (!data) return null;
  const isOld = isError || data.verdict === 'no_data';
  const [worst] = data.partitions;
  // What is wrong comes before its chart; a page of one partition has no other list.
  const trouble = data.standing === 'needs_a_look' && worst ? worst : null;
  const others = trouble ? data.partitions.slice(1) : data.partitions;
  return (
    <div data-old={isOld} className={classes.now}>
      <Numbers group={data} isOld={isOld} />
      <Losses group={data} />
      <Expected group={data} />
      <Moves group={data} />
      <Evidence group={data} />
      {trouble ? <GroupPartitions group={data} rows={[trouble]} label={t('viewOf.worst')} /> : null}
      <GroupCharts group={data} />
      {others.length > 0 ? (
        <GroupPartitions group={data} rows={others} label={t(trouble ? 'otherPartitions' : 'partitions')} />
      ) : null}
    </div>
  );
}

function Numbers({ group, isOld }: { group: GroupView; isOld: boolean }) {
  const t = useTranslations('groups');
  const format = useFormat();
  const behindText = useBehind();
  const worst = group.partitions[0];
  const time = format.time(group.sampledAt);
  const asOf = t('asOf', { time });
  const riskNote = useRiskNote();
  const losesIn = group.risk?.soonest?.presentSeconds ?? null;
  const losesAt =
    losesIn === null || losesIn > DAY_SECONDS
      ? null
      : new Date(Date.parse(group.sampledAt) + losesIn * 1_000).toISOString();
  return (
    <dl className={classes.numbers}>
      <div>
        <dt>{t('lag')}</dt>
        <dd>
          {group.lag === null ? t('lagUnknown') : format.number(group.lag)}{' '}
          {group.lag === null ? null : <small>{t('messages', { count: group.lag })}</small>}
        </dd>
        <dd className={classes.note}>
          {isOld
            ? asOf
            : worst && (worst.lag ?? 0) > 0
              ? t('worst', { lag: worst.lag ?? 0, topic: worst.topic, partition: worst.partition })
              : group.lag === 0
                ? t('nothingUnread')
                : null}
        </dd>
        {!isOld && (group.lag ?? 0) > 0 ? (
          <dd className={classes.note}>
            <Link href={`/messages?unread=${encodeURIComponent(group.name)}`}>{t('showUnread')}</Link>
          </dd>
        ) : null}
      </div>
      <div>
        <dt>{t('behind')}</dt>
        <dd>{behindText(group.behindSeconds, group.behindIsAtLeast)}</dd>
        <dd className={classes.note}>
          {isOld ? asOf : t(group.behindIsAtLeast ? 'behindAtLeastHint' : 'behindHint')}
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
        <dt>{t('loses')}</dt>
        <dd>
          <LosesIn risk={group.risk} />{' '}
          {losesAt === null ? null : <small>{t('losesAt', { time: format.time(losesAt) })}</small>}
        </dd>
        <dd className={classes.note}>{riskNote(group.risk)}</dd>
      </div>
    </dl>
  );
}

function Drains({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const drainText = useDrain();
  if (group.drain.kind === 'never') return <dd className={classes.never}>{t('never')}</dd>;
  // What is on its way to a group that keeps up is not behind.
  const isCaughtUp = group.drain.kind === 'done' && group.standing === 'well';
  return <dd>{isCaughtUp ? t('caughtUp') : (drainText(group.drain) ?? '–')}</dd>;
}

/** What the verdict rests on. */
function Evidence({ group }: { group: GroupView }) {
  const t = useTranslations('groups.evidenceOf');
  const words = useTranslations('groups');
  const format = useFormat();
  const verdicts = useTranslations('verdict');
  const { partitions, worst } = group;
  if (partitions.length === 0) return null;
  const said = [
    t('measured', { time: format.time(group.sampledAt), every: group.everySeconds }),
    group.verdict === 'no_data'
      ? null
      : t('verdict', {
          verdict: verdicts(group.verdict),
          time: format.time(group.since),
          least: group.sinceIsAtLeast ? 'yes' : 'no',
        }),
    worst && worst.committed !== null && group.standing !== 'well'
      ? t('lastCommit', { topic: worst.topic, partition: worst.partition, time: format.time(worst.movedAt) })
      : null,
    group.transaction
      ? t('transaction', {
          id: group.transaction.transactionalId ?? 'none',
          producer: group.transaction.producerId,
          since: group.transaction.startedAt ? format.time(group.transaction.startedAt) : 'none',
          timeout:
            group.transaction.timeoutSeconds === null
              ? 'none'
              : format.duration(group.transaction.timeoutSeconds),
        })
      : null,
    group.state === 'Stable' || group.state === 'Empty' ? null : t('state', { state: group.state }),
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
