/** The five kinds of message. */
export const MESSAGE_KINDS = ['event', 'broadcast', 'ordered', 'transactional', 'delayed'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/**
 * What a source can report about a message. `expected` and `overdue` are written by Courier itself, all others by the
 * SDK, by `POST /v1/facts` or by a reader of a topic.
 */
export const FACT_KINDS = [
  'committed',
  /** Seen on its topic by Courier's own reader, whether or not its sender reports anything. */
  'indexed',
  'send_failed',
  'started',
  'handled',
  'handle_failed',
  'push_failed',
  'skipped',
  'dead_lettered',
  'expected',
  'overdue',
] as const;
export type FactKind = (typeof FACT_KINDS)[number];

/** Kinds that a service may report. */
export type ReportedKind = Exclude<FactKind, 'expected' | 'overdue'>;
export const REPORTED_KINDS = FACT_KINDS.filter(
  (kind): kind is ReportedKind => kind !== 'expected' && kind !== 'overdue',
);

export interface Position {
  topic: string;
  partition: number;
  /** Decimal text, since offsets are 64-bit. */
  offset: string;
}

export interface FactError {
  type: string;
  message: string;
  /** Cut at 16 kB. */
  stack?: string;
}

/** The sender's description of a message. Facts of the sender and of receivers both carry it, so that either suffices. */
export interface MessageDescription {
  topic: string;
  type?: string;
  version?: string;
  service?: string;
  kind?: MessageKind;
  /** Text of the key, for reading and searching; the bytes stay on the record. */
  key?: string;
  sentAt?: string;
  /** Bytes of the payload. */
  size?: number;
  traceId?: string;
  /** The sender's own id of the message, where it has one. */
  producerId?: string;
}

/** One immutable thing a source reported about a message. Times are ISO 8601 with milliseconds. */
export interface Fact {
  /** Made where the fact was made, so that the same fact twice is one. */
  factId: string;
  kind: FactKind;
  messageId: string;
  at: string;
  message?: MessageDescription;
  /** Position of the record that the fact is about. */
  position?: Position;
  /** The consumer group of a delivery; absent on the sender's facts. */
  group?: string;
  generation?: number;
  /** Number of the try, 1 first. */
  attempt?: number;
  startedAt?: string;
  durationMs?: number;
  service?: string;
  release?: string;
  host?: string;
  process?: string;
  member?: string;
  error?: FactError;
  nextTryAt?: string;
  /** Set on the last failure of a delivery: where the record went, or null where nowhere. */
  gaveUp?: { to: Position | null };
  retryId?: string;
  /** On a failed send: whether Courier holds the body and will send it. */
  held?: boolean;
  /** On a failed send: the broker's answer is missing, so the record may be stored all the same. */
  mayBeStored?: boolean;
  /** Headers of the record whose values are ids that people search by; which they are is a setting of the topic. */
  idHeaders?: { name: string; value: string }[];
  /** Why a delivery was skipped. */
  reason?: string;
}

/**
 * A fact as a source reports it. It names its message by id, by the position of its record (with the record's time, if the
 * record has no id of Courier's), or by topic and the sender's own id.
 */
export interface ReportedFact extends Omit<Fact, 'kind' | 'messageId'> {
  kind: ReportedKind;
  messageId?: string;
  /** Milliseconds since 1970 of the record at `position`. */
  recordTime?: number;
}

/** A batch of facts: the format of records on the topic `courier.facts` and of the body of `POST /v1/facts`. */
export interface FactBatch {
  v: 1;
  /** Service that made the batch. */
  service: string;
  host: string;
  /** Facts this process had to drop since its last batch, because its buffer was full. */
  dropped?: number;
  facts: ReportedFact[];
}

/** The two consumers of a subscription: of the group's topics, and of its retry topic. */
export const CONSUMERS = ['main', 'retry'] as const;
export type ConsumerName = (typeof CONSUMERS)[number];

/** What a consumer can't do: read its topics, commit its positions, write what it gives up to the dead-letter topic. */
export const OBSTACLES = ['read', 'commit', 'dead_letter'] as const;
export type Obstacle = (typeof OBSTACLES)[number];

/** What a consumer of a service can't do at the moment, and why. */
export interface ConsumerProblem {
  consumer: ConsumerName;
  what: Obstacle;
  /** The error's class. */
  error: string;
  message: string;
  /** ISO 8601: since when without a success. */
  since: string;
}

/** One heartbeat of a service, the body of `POST /v1/instances`. */
export interface InstanceBeat {
  v: 1;
  instance: string;
  service: string;
  release: string;
  host: string;
  process: string;
  /** Facts dropped since the process began. */
  dropped: number;
  /** The prefix of Courier's topics as the service has it; absent: the default. */
  topicPrefix?: string;
  subscriptions: {
    group: string;
    topics: string[];
    /** Types the handler takes; absent means all. */
    types?: string[];
    retryTopic: string | null;
    /** Whether the retry topic exists and is being read. */
    retryReady: boolean;
    /** Why it is not, in words. */
    retryProblem?: string;
    /** What its consumers can't do now; absent: nothing is in their way. */
    problems?: ConsumerProblem[];
    /** Crashes and failed starts of its consumers since the process began; absent: none. */
    crashes?: number;
    /** Records that it passed over since the process began, since they can't be unpacked; absent: none. */
    unreadable?: number;
    member: string;
  }[];
  /** Commands that it carried out; absent: none. */
  done?: string[];
}

/**
 * A command in the answer to a heartbeat: the member that works on this record gives up on it, which frees the records behind it.
 * Every instance of the group gets it until one has carried it out.
 */
export interface SkipCommand extends Position {
  id: string;
  kind: 'skip';
  group: string;
  /** The operator, and the reason that was given. */
  by: string;
  reason: string | null;
}

/** The answer to a heartbeat. An SDK ignores kinds of commands that it does not have. */
export interface BeatAnswer {
  commands: SkipCommand[];
}

/** Type of the error of a record that an operator had given up. */
export const SKIPPED_BY_OPERATOR = 'SkippedByOperator';

/** Limits that the intake refuses beyond, and that the SDK keeps to. */
export const LIMITS = {
  factsPerBatch: 1000,
  batchBytes: 900_000,
  intakeBytes: 4_000_000,
  stackBytes: 16_384,
  messageBytes: 4_096,
  problemBytes: 1_000,
  keyCharacters: 1_024,
} as const;
