import { middleOf, type Floor } from './floors';
import { toSeconds } from './trend';
import type { Direction, Drain } from './types';

/** Least width of the band, as a share. */
const MIN_ERROR = 0.05;

export interface DrainFacts {
  lag: number;
  direction: Direction | null;
  /** The longest commit interval of the reader. */
  intervalMs: number;
  periodMs: number;
  /** Offsets are no count of records. */
  isCompacted: boolean;
}

/** Time until the lag is gone at the rates of three windows, each widened by the uncertainty of the commit times. */
export function drainOf(floors: Floor[], now: number, facts: DrainFacts): Drain {
  const { lag, direction, intervalMs, periodMs } = facts;
  if (lag === 0) return { kind: 'done' };
  if (facts.isCompacted || direction === null) return { kind: 'unknown' };
  if (direction !== 'down') return { kind: 'never' };
  const windows = [
    Math.max(30_000, 3 * intervalMs),
    Math.max(60_000, 4 * intervalMs),
    Math.max(120_000, 6 * intervalMs),
  ];
  const gains = windows.flatMap((windowMs) => gainOver(floors, now - windowMs, periodMs));
  if (gains.length === 0) return { kind: 'unknown' };
  // Some of the lag was read already and is not committed yet.
  const uncommittedSeconds = toSeconds(intervalMs + periodMs);
  return {
    kind: 'time',
    lowSeconds: Math.max(0, lag / Math.max(...gains) - uncommittedSeconds),
    highSeconds: lag / Math.min(...gains),
  };
}

/** Least and largest fall of the lag a second since its peak in a window; nothing where it did not fall. */
function gainOver(floors: Floor[], from: number, periodMs: number): number[] {
  const recent = floors.filter(({ at }) => at > from);
  const peak = recent.reduce((best, floor) => Math.max(best, floor.high), 0);
  // What lag did before it turned has no bearing on the drain.
  const first = recent.findLast(({ high }) => high === peak);
  const last = recent.at(-1);
  if (!first || !last || last.at - first.at < 2 * periodMs) return [];
  const spanMs = last.at - first.at;
  // Each of both commits happened up to one period before its sample.
  const error = Math.max(MIN_ERROR, periodMs / spanMs);
  const gain = (middleOf(first) - middleOf(last)) / toSeconds(spanMs);
  return gain > 0 ? [gain * (1 - error), gain * (1 + error)] : [];
}
