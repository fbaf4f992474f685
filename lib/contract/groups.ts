import type { GroupType } from '@/lib/domain/groups/group-type';
import type { Expectation } from '@/lib/domain/groups/expectation';
import type { Drain } from '@/lib/domain/groups/judge/types';
import type { MoveProblem, MoveState, MoveTarget } from '@/lib/domain/groups/position-move';
import type { SkipState } from '@/lib/domain/groups/skip';
import type { Risk } from '@/lib/domain/groups/data-at-risk';
import type { Standing, Verdict } from '@/lib/domain/groups/verdict';
import type { ConsumerProblem } from '@/lib/protocol/fact';
import type { MessageListRow } from './messages';

/** Time until nothing is unread, in seconds, as a band. */
export type DrainView = Drain;

/** Unread messages of a partition that were deleted, until an operator acknowledges it. */
export interface LossView {
  topic: string;
  partition: number;
  /** First offset that was lost, and the one after the last. */
  from: string;
  to: string;
  messages: number;
  at: string;
  /** False: the group may have read them before they were deleted, and committed later. */
  isCertain: boolean;
}

/** When a group may have no members, and who set it. */
export interface ExpectationView {
  expectation: Expectation;
  /** Whether that is so now. */
  isNow: boolean;
  note: string | null;
  by: string;
  at: string;
}

/** What retention deletes of a group's unread messages first. */
export interface GroupRisk {
  /** null: of no partition is it known that anything will be deleted. */
  soonest: (Extract<Risk, { kind: 'at' }> & { topic: string; partition: number }) | null;
  /** Partitions with unread messages of which it is not known. */
  unknown: number;
}

/** Where positions are to be moved to, and of which partitions. */
export interface MovePlanRequest {
  /** null: every topic that the group reads. */
  topic: string | null;
  /** null: every partition of the topic. */
  partition: number | null;
  to: Exclude<MoveTarget, { kind: 'undo' }>;
}

/** What moving positions would do, as of now. */
export interface MovePreview {
  at: string;
  /** Why it is not possible now; null: it is. */
  refusal: 'has_members' | 'members_unknown' | null;
  /** Who reads now; null: not known. */
  members: { clientId: string; host: string }[] | null;
  reading: GroupListRow['reading'];
  /** Topics of which a count of offsets is more than there are messages. */
  compacted: string[];
  partitions: MovePreviewPartition[];
  skipped: number;
  repeated: number;
}

export interface MovePreviewPartition {
  topic: string;
  partition: number;
  /** null: the broker has no position. */
  from: string | null;
  to: string;
  skipped: number;
  repeated: number;
  /** The end of the log that the position was limited to; null: it is as asked for. */
  limitedTo: 'start' | 'end' | null;
}

/** Moves positions as a preview listed them. */
export interface MoveRequest {
  /** A new UUID; the same request again has no further effect. */
  id: string;
  /** What the operator asked for. */
  to: Exclude<MoveTarget, { kind: 'undo' }>;
  partitions: { topic: string; partition: number; from: string | null; to: string }[];
  reason?: string;
}

/** A move of positions and what became of it. */
export interface MoveView {
  id: string;
  by: string;
  at: string;
  endedAt: string | null;
  reason: string | null;
  to: MoveTarget;
  state: MoveState;
  problem: MoveProblem | null;
  /** Members, partitions, or the broker's own words. */
  detail: string | null;
  topics: string[];
  partitions: number;
  skipped: number;
  repeated: number;
  isUndone: boolean;
  /** Whether the group has not moved on and nothing took it back, so that it can be undone. */
  canUndo: boolean;
}

/** A record that an operator has a group of the SDK give up. */
export interface SkipView {
  id: string;
  topic: string;
  partition: number;
  offset: string;
  by: string;
  at: string;
  reason: string | null;
  state: SkipState;
  /** The instance that did. */
  doneBy: string | null;
}

export interface GroupListRow {
  name: string;
  verdict: Verdict;
  /** Measured for too short a time to have a verdict; the verdict is that there is no data. */
  isMeasuring: boolean;
  /** Which of the four it counts as: every group is in exactly one. */
  standing: Standing;
  since: string;
  /** It was so already when Courier measured it for the first time. */
  sinceIsAtLeast: boolean;
  /** What it was when it was measured last: another one only where the verdict is that there is no data. */
  seenAs: Verdict;
  /** Messages that it has not read, over all partitions; null: not known. */
  lag: number | null;
  /** How long the oldest of them has been waiting; null: not known. */
  behindSeconds: number | null;
  behindIsAtLeast: boolean;
  drain: DrainView;
  /** null: not known. */
  risk: GroupRisk | null;
  /** Who reads it. */
  reading: 'members' | 'without_membership' | 'nobody' | 'unknown';
  type: GroupType;
  /** As the broker names it. */
  state: string;
  /** null: not known. */
  members: number | null;
  topics: string[];
  rateIn: number | null;
  rateOut: number | null;
  sampledAt: string;
  /** Lag of the last hour, at most 60 points; null where it was not measured. */
  spark: (number | null)[];
  /** Unacknowledged losses, the newest first, and how many messages they are. */
  losses: LossView[];
  lost: number;
  /** When it may have no members; null: an operator expects nothing of it. */
  expected: ExpectationView | null;
  /** The partition that decides the verdict. */
  worst: {
    topic: string;
    partition: number;
    lag: number | null;
    committed: string | null;
    end: string;
    member: string | null;
    host: string | null;
    movedAt: string;
    rateIn: number | null;
    rateOut: number | null;
    /** Where the position was before it moved back; null: it did not. */
    movedBackFrom: number | null;
  } | null;
}

/** A group without its past. */
export type GroupFigures = Omit<GroupListRow, 'spark'>;

/** A row of the list of groups. */
export interface GroupWithFailures extends GroupListRow {
  /** How many failures it has, by message type and error. */
  failures: number;
}

export interface GroupList {
  at: string;
  /** Seconds between two measurements. */
  everySeconds: number;
  groups: GroupWithFailures[];
}

export interface GroupView extends GroupWithFailures {
  at: string;
  partitions: {
    topic: string;
    partition: number;
    verdict: Verdict;
    isMeasuring: boolean;
    since: string;
    sinceIsAtLeast: boolean;
    /** null: the broker has no position. */
    committed: string | null;
    end: string;
    lag: number | null;
    behindSeconds: number | null;
    behindIsAtLeast: boolean;
    drain: DrainView;
    /** null: not known. */
    risk: Risk | null;
    rateIn: number | null;
    rateOut: number | null;
    member: string | null;
    host: string | null;
    movedAt: string;
    /** Lag of the last hour by minute; null where it was not measured. Empty beyond the worst partitions. */
    spark: (number | null)[];
    /**
     * The message at the position of a partition that is stuck. Null if it is not stuck; `message` is null if Courier has
     * none for the position.
     */
    stands: { message: MessageListRow | null } | null;
  }[];
  /** Seconds between two measurements. */
  everySeconds: number;
  /** The open transaction that it waits for; null: it waits for none, or it cannot be found. */
  transaction: {
    producerId: string;
    /** null: not known. */
    transactionalId: string | null;
    startedAt: string | null;
    /** Seconds after which the broker aborts it. */
    timeoutSeconds: number | null;
  } | null;
  /** null: not known. */
  memberList:
    | {
        id: string;
        clientId: string;
        host: string;
        assignment: { topic: string; partitions: number[] }[];
      }[]
    | null;
  reports: boolean;
  /** The last moves of its positions, the newest first. */
  moves: MoveView[];
  /** The last records that operators had skipped, the newest first. */
  skips: SkipView[];
  /** Whether an instance of the SDK reads as this group, so that it takes the command to skip a record. */
  canSkip: boolean;
  /** What instances of its services report to be out of order with their consumers. */
  troubles: ConsumerTrouble[];
}

/** One instance of a service whose consumers can't do something now, or crashed, or passed over records. */
export interface ConsumerTrouble {
  service: string;
  release: string;
  host: string;
  process: string;
  /** What they can't do now, and since when. */
  problems: ConsumerProblem[];
  /** Crashes and failed starts since the process began. */
  crashes: number;
  /** Records passed over since the process began, because they can't be read. */
  unreadable: number;
}

/** A span of lag: the last minutes, or between two times. */
export interface LagQuery {
  minutes?: number;
  /** ISO 8601; both or none. */
  from?: string;
  to?: string;
  /** One line for each partition of this topic, else one for each topic. */
  topic?: string;
}

export interface LagSeries {
  from: string;
  to: string;
  stepSeconds: number;
  /** One line for each topic, or for each partition of one topic. */
  series: { name: string; values: (number | null)[] }[];
}
