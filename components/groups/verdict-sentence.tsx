'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { GroupFigures } from '@/lib/contract/groups';
import { ExpectedWords } from './expected-words';
import { useDrain } from './use-drain';

/** What a group's verdict rests on, in one sentence: the partition that decides it, who reads it, since when, how much. */
export function VerdictSentence({ group }: { group: GroupFigures }) {
  const t = useTranslations('verdict.sentence');
  const verdicts = useTranslations('verdict');
  const format = useFormat();
  const drainText = useDrain();
  const { worst, verdict } = group;
  const offset = (value: string | null | undefined) => (value ? format.number(Number(value)) : '–');
  const since = {
    since: format.time(group.since),
    least: group.sinceIsAtLeast ? 'yes' : 'no',
    for: format.duration((Date.parse(group.sampledAt) - Date.parse(group.since)) / 1_000),
  };
  const place = {
    topic: worst?.topic ?? '–',
    partition: worst?.partition ?? '–',
    member: worst?.member ?? 'none',
    host: worst?.host ?? '–',
    offset: offset(worst?.committed),
    end: offset(worst?.end),
  };
  const behind = group.behindSeconds === null ? 'none' : format.duration(group.behindSeconds);
  const rates = { rateIn: format.rate(group.rateIn ?? 0), rateOut: format.rate(group.rateOut ?? 0) };
  switch (verdict) {
    case 'no_data':
      return group.isMeasuring
        ? t('measuring', { time: format.time(group.since) })
        : group.seenAs === 'no_data'
          ? t('unreadable', place)
          : t('no_data', { time: format.time(group.sampledAt), seen: verdicts(group.seenAs) });
    case 'stuck':
    case 'beyond_end':
    case 'no_position':
    case 'waits_turn':
    case 'rebalancing':
      return t(verdict, { ...place, ...since });
    case 'falling_behind': {
      const gain = gainOf(worst) ?? gainOf(group);
      return t(verdict, { ...place, behind, gain: gain === null ? 'none' : format.rate(gain) });
    }
    case 'no_members':
      return (
        <>
          {group.members === 0
            ? t(verdict, { ...since, count: group.lag ?? 0 })
            : t('returned', { count: group.lag ?? 0 })}
          {group.expected?.isNow ? (
            <>
              {' '}
              <ExpectedWords expected={group.expected} />
            </>
          ) : null}
        </>
      );
    case 'not_assigned':
      return t(verdict, { ...place, ...since, count: worst?.lag ?? 0 });
    case 'waits_transaction':
      return t(verdict, {
        ...place,
        ...since,
        count: Number(worst?.end ?? 0) - Number(worst?.committed ?? 0),
      });
    case 'moved_back':
      return t(verdict, {
        ...place,
        ...since,
        count: Math.max(0, (worst?.movedBackFrom ?? 0) - Number(worst?.committed ?? 0)),
      });
    case 'stays_behind':
      return t(verdict, { count: group.lag ?? 0, behind });
    case 'catching_up':
      return t(verdict, { count: group.lag ?? 0, time: drainText(group.drain) ?? 'none' });
    case 'idle':
      return group.members === 0 ? t('idle_nobody') : t('idle');
    case 'keeping_up':
    case 'read_without_membership':
      return t(verdict, rates);
  }
}

/** By how much a lag grows a second; null where the rates of the last minute do not show it. */
function gainOf(row: { rateIn: number | null; rateOut: number | null } | null): number | null {
  const gain = (row?.rateIn ?? 0) - (row?.rateOut ?? 0);
  return gain > 0 ? gain : null;
}
