import type { CauseRule, Content, EndReason, EpisodeKind } from '@/lib/domain/episodes/episode';
import type { StoryCounts } from '@/lib/domain/episodes/happened';

/** Something that began and ended. */
export type EpisodeView = Content & {
  id: string;
  began: string;
  /** The last moment at which it had not begun, where Courier did not measure in between; null: it may have begun long before. */
  beganEarliest: string | null;
  /** null: it lasts. */
  ended: string | null;
  endedEarliest: string | null;
  /** How often it began: what ends and begins again at once is one. */
  times: number;
  causedByRule: CauseRule | null;
  endReason: EndReason | null;
  endedBy: string | null;
  acknowledged: { by: string; at: string } | null;
};

/** Troubles that led to each other, or one alone. */
export interface HappenedRow {
  /** The trouble that it is named by. */
  named: EpisodeView;
  /** What led to it, where that is something else. */
  cause: EpisodeView | null;
  /** The other troubles, in the order in which they began. */
  folded: EpisodeView[];
  began: string;
  ended: string | null;
  endedBy: string | null;
}

/** What happened in a span of time. */
export interface Happened {
  at: string;
  from: string;
  to: string;
  /** Since when episodes are written. */
  knownSince: string;
  /** When the person was here last, half an hour ago or more; null: not within the last seven days. */
  lastVisit: string | null;
  /** Worst first. */
  rows: HappenedRow[];
  /** How many there are, those that are too small for the list left out. */
  counts: StoryCounts;
  /** How many are left out: short, over by themselves, and alone. */
  small: number;
  /** How long those lasted at most. */
  smallSeconds: number;
  /** How many are not among the rows, since one answer has at most so many. */
  more: number;
  /** Releases, retries and moved positions, and times in which nothing was measured. */
  marks: EpisodeView[];
  /** More episodes began in the span than one answer is made from, so that counts and rows are of the newest, of losses, and of open ones. */
  isCut: boolean;
}

/** Which episodes are wanted. */
export interface HappenedQuery {
  /** Absent: when the person was here last, half an hour ago or more; within the last seven days, else 24 hours ago. */
  from?: string;
  /** Absent: now. */
  to?: string;
  group?: string;
  kind?: EpisodeKind[];
  /** Those that are too small for the list as well. */
  small?: boolean;
}
