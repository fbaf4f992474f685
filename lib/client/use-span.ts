/** Minutes that bars can be of. */
export const SPANS = [30, 60, 360, 1_440, 10_080] as const;
export type SpanMinutes = (typeof SPANS)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Bars of a span. */
const BARS = 60;
/** From this length on, bars begin on whole hours. */
const LONG_MS = 2 * 24 * HOUR_MS;

/** The last minutes, in whole bars, so that these do not shift as time passes. @returns milliseconds since 1970 */
export function lastMinutes(minutes: number, now: number): { from: number; to: number } {
  const length = minutes * MINUTE_MS;
  const bar = length / BARS;
  const to = (Math.floor(now / bar) + 1) * bar;
  const from = to - length;
  return { from: length > LONG_MS ? Math.floor(from / HOUR_MS) * HOUR_MS : from, to };
}
