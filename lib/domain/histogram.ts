import { STATUSES, type Status } from './status';
import type { MessageHistogram } from './views';

/** Steps of a histogram, `from` included and `to` not; fractions where a time range begins or ends within one. */
export interface StepRange {
  from: number;
  to: number;
}

/** The steps that a time range keeps; null where it keeps all. @param from as ISO 8601, or null for no limit */
export function stepsBetween(
  histogram: MessageHistogram,
  from: string | null,
  to: string | null,
): StepRange | null {
  if (!from && !to) return null;
  const begin = Date.parse(histogram.from);
  const stepMs = histogram.stepSeconds * 1_000;
  const stepOf = (time: string) => (Date.parse(time) - begin) / stepMs;
  return { from: from ? stepOf(from) : 0, to: to ? stepOf(to) : (histogram.bars?.HANDLED.length ?? 0) };
}

/** Whether a step counts to a range: where more than half of it does. */
export function isWithin(step: number, range: StepRange | null): boolean {
  return range === null || (step + 0.5 >= range.from && step + 0.5 < range.to);
}

/** How many messages of each status were made in a range. */
export function countWithin(bars: Record<Status, number[]>, range: StepRange | null): Record<Status, number> {
  const counts = STATUSES.map((status): [Status, number] => [
    status,
    bars[status].reduce((sum, count, step) => sum + (isWithin(step, range) ? count : 0), 0),
  ]);
  return Object.fromEntries(counts) as Record<Status, number>;
}
