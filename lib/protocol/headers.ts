/**
 * Names of the record headers that Courier's SDK writes and Courier's workers read.
 * Frameworks copy headers forward, so a reader believes them only under the rule of `lib/protocol/identity.ts`.
 */
export const HEADER = {
  /** UUIDv7 of the message, made by the sender. */
  id: 'courier-id',
  /** Topic the message was published to first; differs from the topic it is read from on retry and dead-letter topics. */
  topic: 'courier-topic',
  type: 'courier-type',
  version: 'courier-version',
  service: 'courier-service',
  kind: 'courier-kind',
  /** Time of the publish call, ISO 8601 with milliseconds. */
  time: 'courier-time',
  /** From the second try of a publish on, its number; a copy may already be on the topic. */
  publishAttempt: 'courier-publish-attempt',
  /** The sender's own id of the message, where it has one. */
  producerId: 'courier-producer-id',
  traceparent: 'traceparent',
  /** Raised only by a deliberate retry; absent means 0. */
  generation: 'courier-generation',
  retryId: 'courier-retry-id',
  retryJobId: 'courier-retry-job-id',
  /** Number of the send of one retry, 1 first. */
  attempt: 'courier-attempt',
  /** `topic/partition/offset` of the record a retry was made from. */
  source: 'courier-source',
  targetGroup: 'courier-target-group',
  /** `1` on a send that repeats one whose outcome was not known. */
  possibleDuplicate: 'courier-possible-duplicate',
  payloadSha256: 'courier-payload-sha256',
  /** How many times the record was given to a group anew; at most 10. */
  hops: 'courier-hops',
} as const;

/** Headers of a dead letter: everything its last failure reported, so that the record alone is complete. */
export const DEAD_LETTER_HEADER = {
  group: 'courier-dlq-group',
  /** `handle_failed` or `push_failed`. */
  kind: 'courier-dlq-kind',
  factId: 'courier-dlq-fact-id',
  errorType: 'courier-dlq-error-type',
  errorMessage: 'courier-dlq-error-message',
  errorStack: 'courier-dlq-error-stack',
  attempts: 'courier-dlq-attempts',
  at: 'courier-dlq-at',
  startedAt: 'courier-dlq-started-at',
  duration: 'courier-dlq-duration-ms',
  service: 'courier-dlq-service',
  release: 'courier-dlq-release',
  host: 'courier-dlq-host',
  process: 'courier-dlq-process',
  member: 'courier-dlq-member',
  /** Milliseconds since 1970 of a record without an id of Courier's; with its position it identifies the message. */
  recordTime: 'courier-dlq-record-time',
  partition: 'courier-dlq-partition',
  offset: 'courier-dlq-offset',
} as const;

/** Headers that describe one retry; taken off a record before it is sent again. */
export const RETRY_HEADERS: readonly string[] = [
  HEADER.generation,
  HEADER.retryId,
  HEADER.retryJobId,
  HEADER.attempt,
  HEADER.source,
  HEADER.targetGroup,
  HEADER.possibleDuplicate,
  HEADER.payloadSha256,
  HEADER.hops,
];

/** A record may be given to a group anew at most this often. */
export const MAX_HOPS = 10;

/** HTTP header in which a service names the cluster of its facts to the intake; absent: the first cluster. */
export const CLUSTER_HEADER = 'courier-cluster';
