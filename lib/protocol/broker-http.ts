/**
 * What passes between the SDK's HTTP transport and the intake, for the embedded broker. Bytes are base64; offsets are
 * decimal text. Every request is `POST /v1/broker/<verb>` with the service's bearer token.
 */
export interface WireRecord {
  topic: string;
  /** Absent: chosen from the key, or evenly where there is no key. */
  partition?: number;
  key: string | null;
  value: string | null;
  headers: [name: string, value: string | null][];
}

export interface StoredWireRecord extends WireRecord {
  partition: number;
  offset: string;
  /** Milliseconds since 1970. */
  timestamp: number;
}

export type WireAnswer = (
  | { outcome: 'acknowledged'; topic: string; partition: number; offset: string }
  | { outcome: 'refused' | 'not_written' | 'unknown'; topic: string; reason: string }
) & {
  /** On the topic of facts: those that are another service's and were left out, by their place in the batch. */
  refusedFacts?: { place: string; reason: string }[];
};

export interface TopicsRequest {
  topics: { name: string; partitions: number }[];
}
export interface PublishRequest {
  records: WireRecord[];
}
export interface PublishAnswer {
  answers: WireAnswer[];
}
export interface JoinRequest {
  group: string;
  member: string;
  clientId: string;
  host: string;
  topics: string[];
  fromBeginning: boolean;
}
export interface JoinAnswer {
  generation: number;
  assignment: { topic: string; partition: number; offset: string; metadata: string | null }[];
  /** How long a poll may wait, in milliseconds; an intake of release 0.1 omits it. */
  pollWaitMs?: number;
}
export interface PollRequest {
  group: string;
  member: string;
  generation: number;
  waitMs: number;
  maxBytes: number;
  positions: { topic: string; partition: number; offset: string }[];
}
export interface PollAnswer {
  /** The group's members changed: join again. */
  rejoin: boolean;
  records: StoredWireRecord[];
  /** Partitions whose position is outside the log, and where the log begins. */
  gaps: { topic: string; partition: number; from: string; to: string }[];
}
export interface CommitRequest {
  group: string;
  member: string;
  generation: number;
  offsets: { topic: string; partition: number; offset: string; metadata: string | null }[];
}
export interface LeaveRequest {
  group: string;
  member: string;
}
