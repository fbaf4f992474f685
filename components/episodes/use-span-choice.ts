import { parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useEffect, useState } from 'react';
import { parseAsTime } from '@/components/ui/filters/parse-as-time';

export const SPANS = ['visit', 'night', 'hour', 'day', 'week'] as const;
export type Span = (typeof SPANS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LENGTH_MS = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS } as const;
const NIGHT_BEGINS_H = 22;
const NIGHT_MS = 8 * HOUR_MS;

/** The last night before a moment, or the one that it is in; milliseconds since 1970. */
export function lastNight(now: number): { from: number; to: number | null } {
  const midnight = Math.floor(now / DAY_MS) * DAY_MS;
  const tonight = midnight + NIGHT_BEGINS_H * HOUR_MS;
  const from = now >= tonight ? tonight : tonight - DAY_MS;
  return { from, to: from + NIGHT_MS > now ? null : from + NIGHT_MS };
}

/** The span of time that a person chose, kept in the address, as the API takes it. */
export function useSpanChoice(standard: Span) {
  const [address, setAddress] = useQueryStates(
    { span: parseAsStringLiteral(SPANS), from: parseAsTime, to: parseAsTime },
    { history: 'push' },
  );
  const minute = useMinute();
  const chosen = address.from !== null || address.to !== null;
  const span: Span | null = chosen ? null : (address.span ?? standard);
  return {
    span,
    from: address.from,
    to: address.to,
    query: chosen
      ? { from: address.from ?? dayBefore(address.to, minute), ...(address.to ? { to: address.to } : {}) }
      : queryOf(span ?? standard, minute),
    setSpan: (next: Span) => void setAddress({ span: next, from: null, to: null }),
    setTimes: (times: { from: string | null; to: string | null }) =>
      void setAddress({ ...times, span: null }),
  };
}

/** A day before the end of a span whose begin is open. */
function dayBefore(to: string | null, minute: number): string {
  return new Date((to === null ? minute : Date.parse(to)) - DAY_MS).toISOString();
}

function queryOf(span: Span, minute: number): { from?: string; to?: string } {
  const iso = (at: number) => new Date(at).toISOString();
  if (span === 'visit') return {};
  if (span === 'night') {
    const { from, to } = lastNight(minute);
    return { from: iso(from), ...(to === null ? {} : { to: iso(to) }) };
  }
  return { from: iso(minute - LENGTH_MS[span]) };
}

/** The present minute, so that the same span is asked for as long as it lasts. */
function useMinute(): number {
  const now = () => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const [minute, setMinute] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setMinute(now()), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, []);
  return minute;
}
