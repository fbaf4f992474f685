import { useEffect, useState } from 'react';

/** Minutes that bars can be of. */
export const SPANS = [30, 60, 360, 1_440, 10_080] as const;
export type SpanMinutes = (typeof SPANS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Bars of a span. */
const BARS = 60;
/** From this length on, bars begin on whole hours. */
const LONG_MS = 2 * 24 * HOUR_MS;
const LOOK_EVERY_MS = 5_000;

/** The last minutes, in whole bars, so that these do not shift as time passes. @returns milliseconds since 1970 */
export function lastMinutes(minutes: number, now: number): { from: number; to: number } {
  const length = minutes * MINUTE_MS;
  const bar = length / BARS;
  const to = (Math.floor(now / bar) + 1) * bar;
  const from = to - length;
  return { from: length > LONG_MS ? Math.floor(from / HOUR_MS) * HOUR_MS : from, to };
}

/** When the bars of the last minutes begin, as ISO 8601; it moves on while the page is open. @param minutes null: no span */
export function useSpanBegin(minutes: number | null): string | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (minutes === null) return;
    const timer = setInterval(() => setNow(Date.now()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [minutes]);
  return minutes === null ? null : new Date(lastMinutes(minutes, now).from).toISOString();
}
