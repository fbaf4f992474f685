import type { Verdict } from '../verdict';

/** One measurement of one partition of one group. Times are milliseconds since 1970, offsets are below 2^53. */
export interface PartitionSample {
  at: number;
  /** Committed position; null: the broker has none; undefined: the broker did not answer this time. */
  position: number | null | undefined;
  /** Begin and end of the log. */
  start: number;
  end: number;
  /** Last stable offset: readers with isolation level read_committed get no further. */
  stable: number;
  /** Timestamp of the first readable record at the position; null: not known. */
  firstUnreadAt: number | null;
  /** Whether that timestamp is proven to be of a right clock: by LogAppendTime, or by an arrival that Courier saw. */
  isTimeProven: boolean;
  /** Result of reading at the position; 'none' proves that nothing up to the stable offset is readable. */
  readable: 'some' | 'none' | 'unknown';
  /** Member that the partition is assigned to. */
  holder: string | null;
  /** Lag as the broker computes it for share groups; null: a share group whose lag is not known; undefined: no share group. */
  brokerLag?: number | null | undefined;
}

export const GROUP_STATES = [
  'Stable',
  'Empty',
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
] as const;
export type GroupState = (typeof GROUP_STATES)[number];

/** One measurement of one group. Without an answer there is none, and `asOf` makes of that what it means. */
export interface GroupSample {
  at: number;
  /** Time between two samples. */
  periodMs: number;
  state: GroupState;
  /** null: not known; never taken for 0. */
  members: number | null;
  /** No member ever joined: the protocol type is empty, and positions are committed without membership. */
  isSimple: boolean;
  /** Topics on which offsets are no count of records. */
  compacted?: ReadonlySet<string>;
}

/** A moment since which something holds. */
export interface Since {
  at: number;
  /** It held already when Courier measured it for the first time. */
  isAtLeast: boolean;
}

/** Unread records that left the log. */
export interface Loss {
  partition: string;
  /** First offset that was lost, and the one after the last. */
  from: number;
  to: number;
  at: number;
  /** False: a reader that keeps up may have read them before they were deleted, and committed later. */
  isCertain: boolean;
}

/** Time until nothing is unread, in seconds, as a band. */
export type Drain =
  { kind: 'time'; lowSeconds: number; highSeconds: number } | { kind: 'done' | 'never' | 'unknown' };

/** How long the first unread record has been waiting. */
export interface Delay {
  seconds: number;
  isAtLeast: boolean;
}

export interface PartitionJudgement {
  /** `<topic>/<partition>`. */
  place: string;
  verdict: Verdict;
  /** Measured for too short a time to have a verdict. */
  isMeasuring: boolean;
  since: Since;
  lag: number | null;
  delay: Delay | null;
  drain: Drain;
  /** Where the position was before it moved back. */
  movedBackFrom: number | null;
  /** Direction of the lag, of this partition or of all that its member reads in turns. */
  direction: Direction | null;
}

export interface GroupJudgement {
  verdict: Verdict;
  isMeasuring: boolean;
  since: Since;
  lag: number | null;
  delay: Delay | null;
  drain: Drain;
  /** The partition that decides the verdict. */
  worst: string | null;
  reading: 'members' | 'without_membership' | 'nobody' | 'unknown';
  /** New or grown in this sample. They never change the verdict. */
  losses: Loss[];
  partitions: PartitionJudgement[];
}

export type Direction = 'up' | 'down' | 'flat';
