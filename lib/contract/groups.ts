import type { GroupType } from '@/lib/domain/groups/group-type';
import type { Verdict } from '@/lib/domain/groups/verdict';
import type { ConsumerProblem } from '@/lib/protocol/fact';
import type { MessageListRow } from './messages';

export interface GroupListRow {
  name: string;
  verdict: Verdict;
  /** What it was when it was measured last: another one only where the verdict is that there is no data. */
  seenAs: Verdict;
  lag: number;
  behindSeconds: number | null;
  drainSeconds: number | null;
  type: GroupType;
  /** null: not known. */
  members: number | null;
  noMembersSince: string | null;
  topics: string[];
  rateIn: number | null;
  rateOut: number | null;
  sampledAt: string;
  /** Lag of the last hour, at most 60 points; null where it was not measured. */
  spark: (number | null)[];
  /** Unread messages that were deleted. */
  lost: number;
  /** The partition that explains the verdict. */
  worst: {
    topic: string;
    partition: number;
    lag: number;
    lost: number;
    committed: string;
    member: string | null;
    host: string | null;
    movedAt: string;
  } | null;
}

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
    committed: string;
    end: string;
    lag: number;
    behindSeconds: number | null;
    rateIn: number | null;
    rateOut: number | null;
    member: string | null;
    host: string | null;
    movedAt: string;
    /** Lag of the last hour by minute; null where it was not measured. Empty beyond the worst partitions. */
    spark: (number | null)[];
    /**
     * The message at the position of a partition that is stuck: a member holds it, and it has not moved for long. Null if
     * it is not stuck; `message` is null if Courier has none for the position.
     */
    stands: { message: MessageListRow | null } | null;
  }[];
  /** Seconds between two measurements. */
  everySeconds: number;
  /** Since when it has been behind without a break; null if it is not, or if it was already at the first measurement. */
  behindSince: string | null;
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
