'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { GroupListRow } from '@/lib/contract/groups';

/** What a group's verdict rests on, in one sentence. */
export function VerdictSentence({ group }: { group: GroupListRow }) {
  const t = useTranslations('verdict.sentence');
  const verdicts = useTranslations('verdict');
  const format = useFormat();
  const rateIn = format.rate(group.rateIn ?? 0);
  const rateOut = format.rate(group.rateOut ?? 0);
  const { worst } = group;
  switch (group.verdict) {
    case 'lost_data':
      return t('lost_data', {
        count: group.lost,
        topic: worst?.topic ?? '',
        partition: worst?.partition ?? 0,
      });
    case 'stuck':
      return t('stuck', {
        topic: worst?.topic ?? '',
        partition: worst?.partition ?? 0,
        since: worst ? format.time(worst.movedAt) : '–',
        for: worst ? format.duration((Date.parse(group.sampledAt) - Date.parse(worst.movedAt)) / 1_000) : '–',
        member: worst?.member ?? '–',
        host: worst?.host ?? '–',
        offset: worst ? format.number(Number(worst.committed)) : '–',
      });
    case 'no_data':
      return t('no_data', { time: format.time(group.sampledAt), seen: verdicts(group.seenAs) });
    case 'no_members':
      return t('no_members', {
        since: group.noMembersSince ? format.time(group.noMembersSince) : 'none',
        count: group.lag,
      });
    case 'falling_behind':
      return t('falling_behind', {
        gain: format.rate(Math.max(0, (group.rateIn ?? 0) - (group.rateOut ?? 0))),
      });
    case 'catching_up':
      return t('catching_up', {
        count: group.lag,
        time: group.drainSeconds === null ? '–' : format.duration(group.drainSeconds),
      });
    case 'idle':
      return group.members === 0 ? t('idle_nobody') : t('idle');
    case 'keeping_up':
      return t('keeping_up', { rateIn, rateOut });
  }
}
