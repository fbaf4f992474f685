import { MAX_PATIENCE_MS, MIN_INTERVALS, MIN_PATIENCE_MS, UNKNOWN_PATIENCE_MS } from './settings';

interface WithIntervals {
  intervals: number[];
}

/** Intervals of a partition, or of its group as long as the partition has too few. */
function intervalsOf(partition: WithIntervals, group: WithIntervals): number[] {
  return partition.intervals.length >= MIN_INTERVALS
    ? partition.intervals
    : [...partition.intervals, ...group.intervals];
}

/** The longest recent commit interval of a partition's reader, in milliseconds; 0 where none was seen. */
export function longestInterval(partition: WithIntervals, group: WithIntervals): number {
  return Math.max(0, ...intervalsOf(partition, group));
}

/**
 * How long a partition may go without a move before it counts as stuck: well above what its reader ever needed. A client that
 * commits by a timer needs little reserve; a handler of varying duration needs much.
 */
export function patienceMs(partition: WithIntervals, group: WithIntervals, periodMs: number): number {
  const intervals = intervalsOf(partition, group);
  if (intervals.length < MIN_INTERVALS) return UNKNOWN_PATIENCE_MS;
  const sorted = [...intervals].sort((a, b) => a - b);
  const longest = sorted.at(-1) ?? 0;
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const isRegular = intervals.length >= 6 && longest <= 1.5 * median + periodMs;
  const isShort = intervals.length < 8;
  const wanted = isRegular
    ? Math.max(1.5 * longest + periodMs, longest + 4 * periodMs)
    : isShort
      ? 3 * longest
      : 2.2 * longest + 2 * periodMs;
  return Math.min(MAX_PATIENCE_MS, Math.max(MIN_PATIENCE_MS, wanted));
}
