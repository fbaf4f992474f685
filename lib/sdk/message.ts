import type { MessageDescription } from '../protocol/fact';
import { keyText } from '../protocol/key-text';
import { describeRecord } from '../protocol/description';
import { HEADER } from '../protocol/headers';
import { believedId } from '../protocol/identity';
import type { ReceivedRecord } from './transport';

/** A message as a handler gets it. */
export interface Message<Payload = unknown> {
  /** UUIDv7; absent on a record that was not sent by this SDK. */
  id: string | undefined;
  type: string | undefined;
  version: string | undefined;
  /** The topic it was published to, also when it is read from a retry topic. */
  topic: string;
  key: string | null;
  payload: Payload;
  /** Every header as text; the last of a name counts. */
  headers: ReadonlyMap<string, string>;
  /** Number of this try, 1 first. */
  attempt: number;
  /** Raised by each deliberate retry. */
  generation: number;
  sentAt: Date;
  /** The record's bytes, as they were read. */
  raw: { key: Buffer | null; value: Buffer | null };
  /** Reports that the handler chose not to act, and why: the message counts as handled and is shown as skipped. */
  skip(reason: string): void;
}

/** The identity and description of a record, as read from its headers. */
export interface RecordIdentity {
  id: string | undefined;
  topic: string;
  generation: number;
  retryId: string | undefined;
  headers: Map<string, string>;
  description: MessageDescription;
}

/** Reads a record's headers; see `believedId` for which message it is. */
export function identify(record: ReceivedRecord): RecordIdentity {
  const headers = new Map(record.headers.map(([name, value]) => [name, value?.toString('utf8') ?? '']));
  const { topic, timestamp } = record;
  const origin = headers.get(HEADER.topic);
  const id = believedId({ topic, timestamp, id: headers.get(HEADER.id), origin });
  const isOurs = id !== undefined;
  const text = (name: string) => headers.get(name) || undefined;
  const description = describeRecord({
    topic: isOurs && origin !== undefined ? origin : topic,
    key: record.key,
    size: record.value?.length ?? 0,
    header: text,
    isForwarded: !isOurs && headers.has(HEADER.id),
  });
  return {
    id,
    topic: description.topic,
    // A retry comes by the original topic too, where the group reads no retry topic.
    generation: isOurs ? Number(text(HEADER.generation) ?? 0) || 0 : 0,
    retryId: isOurs ? text(HEADER.retryId) : undefined,
    headers,
    description,
  };
}

/** A message as its handler gets it, but for what the handler may do. */
export function messageOf<Payload>(
  record: ReceivedRecord,
  identity: RecordIdentity,
  attempt: number,
  payload: Payload,
): Omit<Message<Payload>, 'skip'> {
  return {
    id: identity.id,
    type: identity.description.type,
    version: identity.description.version,
    topic: identity.topic,
    key: record.key && (keyText(record.key, Infinity) ?? ''),
    payload,
    headers: identity.headers,
    attempt,
    generation: identity.generation,
    sentAt: new Date(identity.description.sentAt ?? record.timestamp),
    raw: { key: record.key, value: record.value },
  };
}

/** A property only where there is a value. */
export function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Partial<Record<K, V>>);
}
