'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { ExpectationView } from '@/lib/contract/groups';
import type { Schedule } from '@/lib/domain/groups/expectation';

/** Until when or at which times, by whom, and why. */
export function ExpectedWords({ expected }: { expected: ExpectationView }) {
  const t = useTranslations('expected');
  const format = useFormat();
  const scheduleText = useSchedule();
  const { expectation, by, note, isNow } = expected;
  const when =
    expectation.kind === 'until'
      ? t('until', { time: format.time(expectation.until) })
      : expectation.kind === 'schedule'
        ? scheduleText(expectation.schedule)
        : t('always');
  return (
    <>
      {t(isNow ? 'now' : 'notNow', { when, by })}
      {note === null ? null : ` ${t('note', { note })}`}
    </>
  );
}

/** A schedule in words. */
function useSchedule(): (schedule: Schedule) => string {
  const t = useTranslations('expected');
  const format = useFormat();
  return ({ days, from, to, zone }) =>
    t('schedule', {
      days: format.list(days.map((day) => t(`day.${String(day) as DayKey}`))),
      from,
      to,
      zone,
    });
}

/** Keys of the names of the days. */
export type DayKey = '1' | '2' | '3' | '4' | '5' | '6' | '7';
export const DAYS: readonly DayKey[] = ['1', '2', '3', '4', '5', '6', '7'];
