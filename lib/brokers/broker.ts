import type { GroupType } from '@/lib/domain/groups/group-type';
import type { ConnectionCheck, RightView } from '@/lib/contract/clusters';
import type * as wire from '@/lib/protocol/broker-http';

/**
 * The port to a message broker. An adapter never guesses: `null` means unknown, a send that may or may not have arrived
 * is `unknown`, and a position before the start of the log is a gap. Offsets are bigint; times are milliseconds since
 * 1970.
 */
export interface Broker {
  readonly name: string;
  readonly capabilities: BrokerCapabilities;
  overview(): Promise<BrokerOverview>;
  /** Every right that Courier uses, and whether it has it; null where the broker has no rights. */
  rights(): Promise<RightView[] | null>;
  topics(): Promise<TopicInfo[]>;
  /** Creates topics that do not exist yet. @returns names of those created now */
  createTopics(topics: { name: string; partitions: number }[]): Promise<string[]>;
  deleteTopic(name: string): Promise<void>;
  /** Retention of a topic; null where it does not exist. */
  topicSettings(name: string): Promise<TopicSettings | null>;
  /** Settings of topics by name; those that do not exist, or that Courier may not read, are left out. */
  settingsOf(topics: string[]): Promise<Map<string, TopicSettings>>;
  /** Bytes of the logs of topics by `<topic>/<partition>`; those that are not known are left out. */
  logSizes(topics: string[]): Promise<Map<string, number>>;
  /**
   * Start and end offset of every partition of the topics, and the partitions of which they are not known; topics that do
   * not exist are left out.
   */
  logEnds(topics: string[]): Promise<LogEnds>;
  /**
   * The last stable offset of partitions by `<topic>/<partition>`: before the first record of a transaction that is still
   * open, else the end. Partitions without an answer are left out.
   */
  stableEnds(topics: string[]): Promise<Map<string, bigint>>;
  /** The partition that Kafka's default partitioner sends a key to; null where there is no such topic. */
  partitionFor(topic: string, key: Buffer): Promise<number | null>;
  /** The first offset whose record is at least as young as the time, or the log's end. */
  offsetAt(topic: string, partition: number, time: number): Promise<bigint>;
  groups(): Promise<GroupListing>;
  /** State and members of groups, with what each member holds. */
  describeGroups(groups: GroupInfo[]): Promise<GroupDescription[]>;
  /** The open transaction that holds back a partition's last stable offset; null: none is, or it cannot be found. */
  openTransaction(topic: string, partition: number): Promise<OpenTransaction | null>;
  /** Those of the groups that their coordinators call dead; a coordinator that is loading calls none so. */
  deadGroups(groups: Pick<GroupInfo, 'name' | 'type'>[]): Promise<string[]>;
  /**
   * Committed positions of groups; a partition without one is left out. The position of a share group is the oldest
   * record that it has not acknowledged. A group whose coordinator does not answer is listed in `unknown`.
   */
  positions(groups: GroupInfo[]): Promise<GroupPositions>;
  /**
   * Commits positions of a group that has no members; the broker refuses them while it has some. All are moved, or some are:
   * one answer for each, in their order. Throws where it is not known whether they were.
   */
  movePositions(group: Pick<GroupInfo, 'name' | 'type'>, to: FetchPosition[]): Promise<MoveAnswer[]>;
  /** Reads records from positions. One answer per position, in order; waits at most `waitMs` for the first record. */
  fetch(from: FetchPosition[], options: FetchOptions): Promise<FetchAnswer[]>;
  /** Whether a record would be larger than its topic takes; null where it fits or the limit is unknown. */
  whyTooLarge(record: OutgoingRecord): Promise<TooLarge | null>;
  /** Sends records, one answer for each, in their order. Never throws for a record, and never tries twice. */
  publish(records: OutgoingRecord[]): Promise<SendAnswer[]>;
  close(): Promise<void>;
}

/** Optional capabilities; null where the adapter does not have one. */
export interface BrokerCapabilities {
  /** Null where services connect to the broker directly, which then authorizes them itself. */
  serviceAccess: ServiceAccess | null;
  /** Tests the connection step by step, on connections of its own. */
  checkConnection: (() => Promise<ConnectionFindings>) | null;
}

/** What a test of a connection found. */
export type ConnectionFindings = Pick<ConnectionCheck, 'lines' | 'rights'>;

/** The operations of services on a broker that they reach only through the intake. */
export interface ServiceAccess {
  /** Creates topics that do not exist. @param createdBy the service, or null @returns every topic */
  topics(
    request: wire.TopicsRequest,
    createdBy: string | null,
  ): Promise<{ topics: { name: string; partitions: number }[] }>;
  publish(request: wire.PublishRequest): Promise<wire.PublishAnswer>;
  join(request: wire.JoinRequest): Promise<wire.JoinAnswer>;
  poll(request: wire.PollRequest, waiting: Waiting): Promise<wire.PollAnswer>;
  commit(request: wire.CommitRequest): Promise<Record<string, never>>;
  leave(request: wire.LeaveRequest): Promise<Record<string, never>>;
  /**
   * Registers a service as a publisher of a topic that it created, publishes to already, or that has no publisher.
   * @returns null where it may publish, also to a topic that does not exist; else the name of a present publisher
   */
  claimPublishing(topic: string, service: string): Promise<string | null>;
  /** Wakes waiting polls of this process for records appended by other processes, until the signal aborts. */
  listen(databaseUrl: string, signal: AbortSignal): Promise<void>;
}

/** How a poll waits: until the signal aborts, and by `idle`, which takes no capacity from other requests. */
export interface Waiting {
  signal: AbortSignal;
  idle<T>(work: Promise<T>): Promise<T>;
}

export interface BrokerOverview {
  clusterId: string | null;
  brokers: { id: number; address: string }[];
  /**
   * Whether the broker lists every group to Courier; without that right it returns a shorter list and no error. null:
   * unknown.
   */
  seesAllGroups: boolean | null;
}

export interface TopicInfo {
  name: string;
  /** Changes when a topic is deleted and created again; null where the broker has no such id. */
  incarnation: string | null;
  partitions: number;
}

export interface TopicSettings {
  /** Milliseconds, or null for ever. */
  retentionMs: number | null;
  /** Bytes of each partition, or null for any number. */
  retentionBytes: number | null;
  /** A log is deleted in segments of at most so many bytes, and of at most so many milliseconds; null: record by record. */
  segmentBytes: number | null;
  segmentMs: number | null;
  /** Parts of the log are in a tiered storage, so that the size of the log on the broker is not its whole size. */
  isTiered: boolean;
  /** Whether of each key only the newest record is kept. */
  compacted: boolean;
  /** The largest batch that the topic takes, as it is stored; null: unknown. */
  maxBatchBytes: number | null;
}

export interface LogEnds {
  known: PartitionEnds[];
  unknown: UnknownEnds[];
}

export interface PartitionEnds {
  topic: string;
  partition: number;
  start: bigint;
  end: bigint;
}

/** A partition that exists and could not be asked, and why. */
export interface UnknownEnds {
  topic: string;
  partition: number;
  reason: UnreadReason;
}

/**
 * Why a partition cannot be read now: it has no leader, its leader does not answer, or Courier is not authorized.
 */
export type UnreadReason = 'no_leader' | 'unreachable' | 'refused';

/** A transaction that is neither committed nor aborted. */
export interface OpenTransaction {
  producerId: bigint;
  /** null: not known, as without the right to describe it. */
  transactionalId: string | null;
  /** Milliseconds since 1970. */
  startedAt: number | null;
  /** Time after which the broker aborts it. */
  timeoutMs: number | null;
}

export interface GroupPositions {
  positions: GroupPosition[];
  /** Groups whose positions could not be read this time. */
  unknown: string[];
}

export interface GroupListing {
  groups: GroupInfo[];
  /** False where a broker that coordinates groups did not answer: groups that are missing may exist all the same. */
  isComplete: boolean;
}

export interface GroupInfo {
  name: string;
  type: GroupType;
  state: string;
  /** No member ever joined: its positions are committed without membership. Absent: unknown. */
  isSimple?: boolean;
}

export interface GroupDescription extends GroupInfo {
  /** null: unknown. */
  members: GroupMember[] | null;
}

export interface GroupMember {
  id: string;
  clientId: string;
  host: string;
  assignment: { topic: string; partitions: number[] }[];
}

export interface GroupPosition {
  group: string;
  topic: string;
  partition: number;
  /** null: the broker did not answer for this partition. */
  offset: bigint | null;
  /** Of share groups alone: unread records as the broker counts them; null: not known. */
  lag?: bigint | null;
}

/** Whether a position was moved, and why not. `refused`: it is as it was. */
export type MoveAnswer =
  { outcome: 'moved' } | { outcome: 'refused'; why: 'has_members' | 'not_allowed' | 'other'; reason: string };

export interface FetchPosition {
  topic: string;
  partition: number;
  offset: bigint;
}

export interface FetchOptions {
  /** Most bytes of one partition; at least one record is answered however large it is. */
  maxBytes: number;
  /** About the most bytes of all partitions together; the first positions come first. Absent: as many as the broker sends. */
  maxTotalBytes?: number;
  waitMs: number;
  /** Name of a reader that goes on reading. Its requests wait for no other reader's; absent: one that reads once. */
  reader?: string;
}

/** A header's name and bytes; names may repeat and keep their order. */
export type RecordHeader = [name: string, value: Buffer | null];

export interface BrokerRecord {
  topic: string;
  partition: number;
  offset: bigint;
  /** Milliseconds since 1970, up to the year 9999. */
  timestamp: number;
  /** The broker set the timestamp when it wrote the record; absent: its producer did. */
  isLogAppendTime?: true;
  /** Codec of the batch that the record was in, as the broker numbers it; absent: none. */
  codec?: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: RecordHeader[];
}

/**
 * Why nothing came of a partition: it cannot be read now, its topic does not exist, the position is beyond the end, or the
 * format of its records is not supported.
 */
export type FetchProblem = UnreadReason | 'unknown_topic' | 'beyond_end' | 'unreadable';

/** Offsets of a batch that is not unpacked: from (inclusive) to (exclusive). */
export interface PassedOver {
  from: bigint;
  to: bigint;
  reason: string;
}

export interface FetchAnswer {
  topic: string;
  partition: number;
  records: BrokerRecord[];
  /** The next offset to read. */
  next: bigint;
  start: bigint;
  end: bigint;
  /** Records that left the log before they were read: from (inclusive) to (exclusive). */
  gap: { from: bigint; to: bigint } | null;
  /** Batches that were skipped because they unpack to more than the limit, each with a sentence. */
  passedOver?: PassedOver[];
  /** Why this partition could not be read; other partitions are still answered. */
  problem: FetchProblem | null;
}

export interface OutgoingRecord {
  topic: string;
  partition: number;
  /** Milliseconds since 1970; absent: the time of the send. */
  timestamp?: number;
  /** Codec to compress it with, as `BrokerRecord.codec`. */
  codec?: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: RecordHeader[];
}

/** A batch that its topic does not take. */
export interface TooLarge {
  /** Of the batch as it would be stored. */
  bytes: number;
  /** Most bytes that the topic takes. */
  limit: number;
  /** As `BrokerRecord.codec`. */
  codec: number;
}

/**
 * What became of one record. `refused`: the broker will not take it. `not_written`: it provably is not there, a later
 * try may succeed. `unknown`: it may be there.
 */
export type SendAnswer =
  | { outcome: 'acknowledged'; partition: number; offset: bigint }
  | { outcome: 'refused' | 'not_written' | 'unknown'; reason: string };

/** Finds the value of a header; the last of that name counts, as with Kafka's own clients. */
export function headerOf(headers: readonly RecordHeader[], name: string): string | undefined {
  for (let at = headers.length - 1; at >= 0; at -= 1) {
    const header = headers[at];
    if (header?.[0] === name) return header[1]?.toString('utf8');
  }
  return undefined;
}
