import type { CodecName } from '@/lib/protocol/codec-names';
import type { ReadingOf } from '@/lib/protocol/bytes-text';
import type { UnreadReason } from './topics';
import type { Ability } from '@/lib/domain/operators/permissions';
import type { ItemState } from '@/lib/domain/retries/retry';
import type { RetryItemView } from './retries';
import type { DeliveryStatus, Status } from '@/lib/domain/messages/status';
import type { NotRead } from '@/lib/domain/workers/reading';
import type { ReadState } from '@/lib/domain/messages/read-past';
import type { WhereRow } from '@/lib/domain/messages/where-is-it';
import type { Fact, FactError, MessageKind, Position } from '@/lib/protocol/fact';
import type { TopicRole } from '@/lib/protocol/topics';

/** What the API answers and the pages show. Times are ISO 8601; offsets are decimal text. */

/** The second half of a failing or waiting status, which shows who has to act. */
export type StatusDetail =
  | { kind: 'next_try'; at: string }
  | { kind: 'gave_up'; to: string | null }
  | { kind: 'overdue'; since: string }
  /** No service reports on it: what the positions of the groups on its partition show. */
  | ReadState
  | { kind: 'retrying'; state: ItemState };

export interface MessageListRow {
  id: string;
  status: Status;
  detail: StatusDetail | null;
  type: string | null;
  key: string | null;
  topic: string | null;
  service: string | null;
  groups: { handled: number; total: number; worst: string | null; more: number };
  /** Every group with a delivery. */
  groupNames: string[];
  error: { type: string; message: string; group: string; past: boolean } | null;
  attempts: number;
  at: string;
}

export interface MessageList {
  rows: MessageListRow[];
  /** Cursor of the next page, older; null at the end. */
  next: string | null;
  /**
   * What was searched: all days from the oldest one that is kept, in all topics except `notIndexed` of them. The last field
   * is the number of messages that were compared with the words; null if that was all of them.
   */
  searched: { from: string | null; to: string; notIndexed: number; looked: number | null; notRead: NotRead };
  /** Names that filters offer; `readers` are groups with a position. */
  names: { topics: string[]; groups: string[]; readers: string[]; types: string[]; services: string[] };
}

export interface Attempt {
  factId: string;
  /** null: the sender's. */
  group: string | null;
  kind: Fact['kind'];
  number: number | null;
  generation: number;
  startedAt: string;
  endedAt: string;
  durationMs: number | null;
  host: string | null;
  release: string | null;
  member: string | null;
  error: FactError | null;
  nextTryAt: string | null;
  gaveUp: { to: Position | null } | null;
  position: Position | null;
  retryId: string | null;
}

export interface DeliveryView {
  group: string;
  status: DeliveryStatus;
  detail: StatusDetail | null;
  attempts: number;
  handledCount: number;
  lastAt: string;
  error: { type: string; message: string } | null;
  host: string | null;
  release: string | null;
  generation: number;
}

export interface MessageStory {
  at: string;
  id: string;
  status: Status;
  detail: StatusDetail | null;
  topic: string | null;
  type: string | null;
  version: string | null;
  service: string | null;
  release: string | null;
  kind: MessageKind | null;
  key: string | null;
  size: number | null;
  sentAt: string | null;
  committedAt: string | null;
  copies: number;
  where: WhereRow[];
  /** Groups that have reported nothing since then, so that later attempts may be missing. */
  silent: { group: string; since: string }[];
  deliveries: DeliveryView[];
  attempts: Attempt[];
  positions: { text: string; role: TopicRole }[];
  facts: { fact: Fact; source: string; receivedAt: string }[];
  factsCut: boolean;
  retries: RetryItemView[];
  /** W3C trace that the message is part of. */
  traceId: string | null;
  can: { retry: Ability & { groups: string[] } };
}

export interface PayloadView {
  /** Where the bytes came from; null when they could not be had. */
  from: 'broker' | 'store' | null;
  why: 'no_position' | 'gone' | 'broker_unreachable' | 'not_readable' | null;
  /**
   * When and how the record left the broker, and how long its topic keeps records; null if it is still there or was not
   * measured.
   */
  departure: {
    by: 'retention' | 'made_anew' | 'deleted';
    after: string | null;
    before: string;
    retentionSeconds: number | null;
  } | null;
  /** Until when Courier keeps the record of the message, and its copy of the body. */
  kept: { record: string; copy: string | null };
  position: string | null;
  headers: HeaderView[];
  key: BytesView | null;
  payload: ValueView | null;
}

/** Bytes as pages show them. */
export interface BytesView {
  as: ReadingOf;
  /** null: they are shown as hexadecimal digits. */
  text: string | null;
  hex: string;
  size: number;
}

export interface HeaderView {
  name: string;
  as: ReadingOf;
  text: string | null;
  /** null: the header has no value, which is not the same as an empty one. */
  hex: string | null;
  size: number;
}

/** A record's value, or the part of it that a page shows. */
export interface ValueView {
  state: 'null' | 'empty' | 'json' | 'text' | 'integer' | 'uuid' | 'java' | 'binary';
  text: string | null;
  hex: string;
  size: number;
  sha256: string;
  cut: boolean;
}

/** A record that is read from the broker by its place, whether it is indexed or not. */
export interface RecordView {
  at: string;
  topic: string;
  partition: number;
  offset: string;
  /**
   * Why there is no record: the place is before the log's start or not written yet, the record was compacted away or is a
   * marker, or the partition cannot be read; null where there is one.
   */
  absent: 'before_start' | 'not_yet' | 'no_record' | UnreadReason | 'too_large' | null;
  /** The log's start and end; null while not known. */
  log: { start: string; end: string } | null;
  /** The next record behind the place, where there is none at it. */
  nextOffset: string | null;
  record: {
    at: string;
    /** Codec of its batch. */
    compression: CodecName;
    key: BytesView | null;
    headers: HeaderView[];
    value: ValueView;
    /** The message that is stored for this place; null where none is. */
    messageId: string | null;
  } | null;
}

export interface MessageHistogram {
  from: string;
  to: string;
  stepSeconds: number;
  /** How many messages of each status were made in each step; null where counting took too long. */
  bars: Record<Status, number[]> | null;
  /** How many of the committed ones no service reports on, in each step; null as above. */
  unreported: number[] | null;
  /** Whether there are more than were counted. */
  isCut: boolean;
  /** How many of each status were made before; null where counting took too long. */
  older: Record<Status, number> | null;
  isOlderCut: boolean;
}
