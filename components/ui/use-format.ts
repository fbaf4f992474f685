import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useToday } from './today';
import { visibleName } from '@/lib/values/visible-name';

export interface Format {
  /** `14:06:30`, with the date where it is not today, and the year where it is not this one; UTC. */
  time: (iso: string, milliseconds?: boolean) => string;
  /** `21 Nov`, with the year where it is not this one; UTC. */
  day: (iso: string) => string;
  /** `14:06`, for marks of a time axis of less than a day; UTC. */
  mark: (milliseconds: number) => string;
  /** The whole stamp, for hovering. */
  stamp: (iso: string) => string;
  /** `1 h 40 min`: two units at most. @param seconds 0 or more */
  duration: (seconds: number) => string;
  /** `41 ms`, `1.2 s`. */
  milliseconds: (value: number) => string;
  number: (value: number) => string;
  bytes: (value: number) => string;
  rate: (perSecond: number) => string;
  /** Names one after the other. */
  list: (items: string[]) => string;
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** Numbers, times and durations in the reader's language. Times are UTC, as the top bar states. */
export function useFormat(): Format {
  const t = useTranslations('units');
  const locale = useLocale();
  const today = useToday();
  return useMemo(() => {
    const whole = new Intl.NumberFormat(locale);
    const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    const [dayOfThisYear, dayOfAnother] = [{}, { year: 'numeric' } as const].map(
      (year) =>
        new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
          day: 'numeric',
          month: 'short',
          timeZone: 'UTC',
          ...year,
        }),
    );
    const day = (iso: string): string =>
      (iso.slice(0, 4) === today.slice(0, 4) ? dayOfThisYear : dayOfAnother)?.format(new Date(iso)) ?? '';
    const clock = (iso: string, milliseconds: boolean) => iso.slice(11, milliseconds ? 23 : 19);
    const duration = (seconds: number): string => {
      const rounded = Math.max(0, Math.round(seconds));
      const at = UNITS.findIndex(([, size]) => rounded >= size);
      if (at < 0) return t('s', { n: '0' });
      const [name, size] = UNITS[at] ?? UNITS[3];
      const n = whole.format(Math.floor(rounded / size));
      const next = UNITS[at + 1];
      const rest = next ? Math.floor((rounded % size) / next[1]) : 0;
      // Chinese uses the long word for minutes where no seconds follow.
      if (!next || rest === 0) return t(name === 'min' ? 'minOnly' : name, { n });
      return `${t(name, { n })} ${t(next[0] === 'min' && name !== 'h' ? 'minOnly' : next[0], { n: whole.format(rest) })}`;
    };
    return {
      time(iso, milliseconds = false) {
        const isToday = iso.slice(0, 10) === today;
        return isToday ? clock(iso, milliseconds) : `${day(iso)} ${clock(iso, milliseconds)}`;
      },
      day,
      mark: (milliseconds) => new Date(milliseconds).toISOString().slice(11, 16),
      stamp: (iso) => `${iso.slice(0, 10)} ${clock(iso, true)} UTC`,
      duration,
      milliseconds: (value) =>
        value < 1_000
          ? `${whole.format(Math.round(value))} ms`
          : value < 60_000
            ? t('s', { n: fine.format(value / 1_000) })
            : duration(value / 1_000),
      number: (value) => whole.format(value),
      bytes: (value) =>
        value < 1_024
          ? t('bytes', { count: value })
          : value < 1_048_576
            ? `${fine.format(value / 1_024)} KiB`
            : `${fine.format(value / 1_048_576)} MiB`,
      rate: (perSecond) => fine.format(perSecond),
      list: (items) => items.map(visibleName).join(locale === 'en' ? ', ' : '、'),
    };
  }, [locale, t, today]);
}
