// Times of the judge, in milliseconds. They were chosen by simulation (sequences.test.ts); each has its reason.

export const SECOND_MS = 1_000;

/** A delay up to this counts as keeping up. */
export const BEHIND_AFTER_MS = 30_000;
/** A group that was behind counts as keeping up again below this delay: two thresholds keep it from flapping. */
export const CAUGHT_UP_MS = 15_000;

/** Bounds of the patience with a partition that does not move. */
export const MIN_PATIENCE_MS = 30_000;
export const MAX_PATIENCE_MS = 300_000;
/** Patience with a client whose commit interval is not known yet. */
export const UNKNOWN_PATIENCE_MS = 120_000;

/** Commit intervals kept of each partition, and how many suffice for a judgement. */
export const MAX_INTERVALS = 16;
export const MIN_INTERVALS = 3;

/** Windows over which the direction of lag is determined, the shortest first. */
export const TREND_WINDOWS_MS = [30_000, 60_000, 120_000, 240_000, 480_000];
/** Samples older than this are dropped. */
export const WINDOW_MS = 900_000;
/** Lag that swings with a half period below this is averaged; a longer swing is followed. */
export const MAX_SWING_MS = 90_000;
/** Lag counts as flat after this time without a rise or fall. */
export const FLAT_AFTER_MS = 60_000;

/** A member that rested on a partition for this long while it read others reads them in turns. */
export const MIN_REST_MS = 10_000;
/** For this long after such a rest the partitions of a member have one trend. */
export const POOLED_MS = 120_000;
/** With rarer commits all partitions seem to move at once, whether they are read in turns or not. */
export const MAX_PARALLEL_INTERVAL_MS = 15_000;

/** A topic counts as idle after this time without an arrival, and as busy again on two arrivals in a minute. */
export const IDLE_AFTER_MS = 300_000;
export const ARRIVALS_MS = 60_000;

/** A move back is over after this time, even if the former position was not reached again. */
export const MAX_MOVED_BACK_MS = 3_600_000;
export const MOVED_BACK_AFTER_MS = 10_000;

/** A held partition without a reader counts as not assigned after this time. */
export const NOT_ASSIGNED_AFTER_MS = 15_000;

/** Least time between the two samples that prove a group to have no members; a restart may be between two that are closer. */
export const MIN_ABSENCE_MS = 2_500;

/** A rebalance storm: unstable in this many samples of a minute, spread over at least this time. */
export const STORM_SAMPLES = 7;
export const STORM_MS = 20_000;

/** Share of a period by which the time between two samples may exceed it before clients count as unobserved. */
export const BLIND_PERIODS = 2.5;

/** Age at which the last measurement is too old to be shown as the present state. */
export function tooOldMs(periodMs: number): number {
  return 3 * periodMs + 5_000;
}
