import type { GroupType } from '@/lib/domain/groups/group-type';
import type { RightName } from '@/lib/contract/settings';
import type * as wire from '@/lib/protocol/broker-http';

/**
 * The port through which Courier speaks with a message broker. Each adapter is honest about what it cannot do: `null`
 * is unknown, a send that may or may not have arrived is `unknown`, and a position before the log's begin is a gap.
 * Offsets are bigint; times are milliseconds since 1970.
 */
export interface Broker {
  readonly name: string;
  readonly capabilities: BrokerCapabilities;
  overview(): Promise<BrokerOverview>;
  /** What Courier lacks of the rights that it needs; null where the broker does not tell or has no rights. */
  missingRights(): Promise<MissingRight[] | null>;
  topics(): Promise<TopicInfo[]>;
  /** Creates topics that do not exist yet. @returns names of those created now */
  createTopics(topics: { name: string; partitions: number }[]): Promise<string[]>;
  deleteTopic(name: string): Promise<void>;
  /** How long a topic keeps its records; null where there is no such topic. */
  topicSettings(name: string): Promise<TopicSettings | null>;
  /** Begin and end of every partition of the topics; topics that do not exist are left out. */
  logEnds(topics: string[]): Promise<LogEnds[]>;
  /** The partition that Kafka's default partitioner sends a key to; null where there is no such topic. */
  partitionFor(topic: string, key: Buffer): Promise<number | null>;
  /** The first offset whose record is at least as young as the time, or the log's end. */
  offsetAt(topic: string, partition: number, time: number): Promise<bigint>;
  groups(): Promise<GroupInfo[]>;
  /** State and members of groups, with what each member holds. */
  describeGroups(groups: GroupInfo[]): Promise<GroupDescription[]>;
  /**
   * Positions that groups have committed; a partition without one is left out. A share group has none: its position is
   * the oldest record that it has not acknowledged. A group whose coordinator does not tell is `unknown`, not without.
   */
  positions(groups: GroupInfo[]): Promise<GroupPositions>;
  /** Reads on from positions. One answer per position, in their order; waits at most `waitMs` for the first record. */
  fetch(from: FetchPosition[], options: FetchOptions): Promise<FetchAnswer[]>;
  /** Sends records, one answer for each, in their order. Never throws for a record, and never tries twice. */
  publish(records: OutgoingRecord[]): Promise<SendAnswer[]>;
  close(): Promise<void>;
}

/** What only some brokers can do: null where this one cannot. */
export interface BrokerCapabilities {
  /** Null where services connect to the broker itself, which then decides what each may do. */
  serviceAccess: ServiceAccess | null;
}

/** Everything that services do with a broker that they reach through the intake alone. */
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
   * Records that a service publishes to a topic, where it created the topic, publishes to it already, or nobody does.
   * @returns null where it may publish, also to a topic that does not exist; else a service that publishes to it
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
   * Whether the broker names every group to Courier. Without that right it answers a shorter list, not an error. null
   * where it does not tell.
   */
  seesAllGroups: boolean | null;
}

/** A right that Courier lacks, and of which topics where it is one of topics. */
export interface MissingRight {
  right: RightName;
  topics: string[];
}

export interface TopicInfo {
  name: string;
  /** Changes when a topic is deleted and made anew; null where the broker does not tell. */
  incarnation: string | null;
  partitions: number;
}

export interface TopicSettings {
  /** Milliseconds, or null for ever. */
  retentionMs: number | null;
  /** Bytes of each partition, or null for any number. */
  retentionBytes: number | null;
  /** Whether of each key only the newest record is kept. */
  compacted: boolean;
}

export interface LogEnds {
  topic: string;
  partition: number;
  start: bigint;
  end: bigint;
}

export interface GroupPositions {
  positions: GroupPosition[];
  /** Groups of which nothing was told this time. */
  unknown: string[];
}

export interface GroupInfo {
  name: string;
  type: GroupType;
  state: string;
}

export interface GroupDescription extends GroupInfo {
  /** null: the broker does not tell. */
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
  offset: bigint;
}

export interface FetchPosition {
  topic: string;
  partition: number;
  offset: bigint;
}

export interface FetchOptions {
  /** Most bytes of one partition; at least one record is answered however large it is. */
  maxBytes: number;
  waitMs: number;
}

/** A header's name and bytes; names may repeat and keep their order. */
export type RecordHeader = [name: string, value: Buffer | null];

export interface BrokerRecord {
  topic: string;
  partition: number;
  offset: bigint;
  /** Milliseconds since 1970, up to the year 9999. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: RecordHeader[];
}

/**
 * Why a partition could not be read: its topic is gone, its log is shorter than the position, nobody leads it now, Courier
 * may not read it, or its records are of no format that Courier reads.
 */
export type FetchProblem = 'unknown_topic' | 'beyond_end' | 'no_leader' | 'refused' | 'unreadable';

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
  /** Where to read on. */
  next: bigint;
  start: bigint;
  end: bigint;
  /** Records that left the log before they were read: from (inclusive) to (exclusive). */
  gap: { from: bigint; to: bigint } | null;
  /** Batches that were passed over since they unpack to more than is allowed, with why in words. */
  passedOver?: PassedOver[];
  /** Why nothing could be read here; what else was asked for is answered all the same. */
  problem: FetchProblem | null;
}

export interface OutgoingRecord {
  topic: string;
  partition: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: RecordHeader[];
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
