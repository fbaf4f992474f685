import type { Abilities } from '@/lib/domain/operators/permissions';
import type { TopicRole } from '@/lib/protocol/topics';
import type { Verdict } from '@/lib/domain/groups/verdict';

export interface TopicListRow {
  name: string;
  role: TopicRole;
  partitions: number;
  /** How many of its partitions cannot be read now. */
  unread: number;
  /** Records that are on it now; null while not all of its partitions can be read. */
  records: number | null;
  /** Records a second that arrive; null while not known. */
  rateIn: number | null;
  /** Groups that read it. */
  groups: string[];
  indexed: boolean;
  /** Since when what is written on it is in the index; null where that is all of it, or none yet. */
  indexedSince: string | null;
}

export interface TopicList {
  at: string;
  rows: TopicListRow[];
  /** Why the broker's part is missing; null where it is not. */
  brokerProblem: string | null;
}

export interface DeadLetterTopicRow {
  name: string;
  /** Whose dead letters they are; null where none was understood yet. */
  group: string | null;
  /** Who wrote them, by the headers that they carry; null where none was understood yet. */
  dialect: string | null;
  /** Records that are on it now; null while the broker does not answer. */
  records: number | null;
  newestAt: string | null;
  /** How many came in each of the last 24 hours, the oldest first; null where Courier does not read the topic as one of dead letters. */
  hours: number[] | null;
  /** Deliveries of the group that gave up and still fail; null where the group is not known. */
  gaveUp: number | null;
}

export interface DeadLetterTopics {
  at: string;
  /** Why the broker's part is missing; null where it is not. */
  brokerProblem: string | null;
  /** When the first of the hours began. */
  hoursFrom: string;
  rows: DeadLetterTopicRow[];
}

export interface TopicView {
  at: string;
  name: string;
  role: TopicRole;
  brokerProblem: string | null;
  settings: { retentionMs: number | null; retentionBytes: number | null; compacted: boolean } | null;
  /** When the oldest record was written that is still there. */
  oldestAt: string | null;
  partitions: PartitionView[];
  groups: {
    name: string;
    verdict: Verdict;
    lag: number | null;
    behindSeconds: number | null;
    reports: boolean;
    retryTopic: string | null;
    retryReady: boolean;
    deadLetterTopic: string;
    deadLetters: number | null;
  }[];
  /** Groups that read it once and do not now, with when their positions were seen last. */
  pastGroups: { name: string; seenAt: string }[];
  types: { type: string; service: string }[];
  policy: TopicPolicy;
  /** What left the log before the index read it. */
  gaps: { partition: number; from: string; to: string; foundAt: string }[];
  /** How far the index is behind, in records; null where the topic is not indexed or was not read yet. */
  indexBehind: number | null;
  /** Since when what is written on it is in the index; null where that is all of it, or none yet. */
  indexedSince: string | null;
  can: Pick<Abilities, 'configure' | 'publish'>;
}

export interface PartitionView {
  partition: number;
  /** null: it cannot be read now. */
  log: { start: string; end: string; records: number } | null;
  /** Why it cannot be read now. */
  unread: UnreadReason | null;
  rateIn: number | null;
}

/** Why a partition cannot be read: no leader, no answer, no right, or a format that is not known here. */
export type UnreadReason = 'no_leader' | 'unreachable' | 'refused' | 'unreadable';

/** What Courier keeps of a topic's messages. */
export interface TopicPolicy {
  indexed: boolean;
  /** Headers whose values messages are found by. */
  idHeaders: string[];
  bodyPolicy: 'none' | 'failures' | 'all';
}

/** A change is refused where the policy is no longer what the person saw. */
export interface TopicPolicyChange {
  was?: TopicPolicy;
}

export interface TestMessageRequest {
  /** null: by the key. */
  partition: number | null;
  key: string | null;
  type: string | null;
  headers: [name: string, value: string][];
  payload: string | null;
}

/** What became of a test message. */
export interface TestMessageView {
  id: string;
  topic: string;
  /**
   * `NOT_SENT`: not yet sent; Courier tries again. `UNCERTAIN`: not determined yet; Courier searches the topic for it.
   * `SENT`, `REFUSED` and `UNKNOWN` are final.
   */
  state: 'PENDING' | 'SENDING' | 'SENT' | 'REFUSED' | 'NOT_SENT' | 'UNCERTAIN' | 'UNKNOWN';
  /** Its position, or what the broker answered. */
  detail: string | null;
}

/** Which records of a topic are read. */
export interface BrowseQuery {
  from?: 'newest' | 'oldest' | 'offset' | 'time' | 'after';
  partition?: number;
  /** With `from=offset`. */
  offset?: string;
  /** ISO 8601, with `from=time`. */
  time?: string;
  /** `partition:offset` separated by commas, with `from=after`: the `next` of an earlier answer. */
  after?: string;
}

export interface BrowsedRecord {
  partition: number;
  offset: string;
  at: string;
  key: string | null;
  type: string | null;
  size: number | null;
  headers: { name: string; text: string | null }[];
  /** Id of the message that is stored for the record, or that its own header names; null where there is none. */
  messageId: string | null;
}

export interface BrowseAnswer {
  at: string;
  records: BrowsedRecord[];
  /** Where to continue reading after these records: offsets by partition. */
  next: Record<string, string>;
  /** Partitions of which nothing, or not all, could be read, each with why. */
  unread: { partition: number; reason: UnreadReason }[];
  /** Offsets that were read. */
  looked: { partition: number; from: string; to: string }[];
  /** Batches that were not unpacked, with why; both offsets are inclusive. */
  passedOver: { partition: number; from: string; to: string; reason: string }[];
}
