import { createHash } from 'node:crypto';
import { headerOf, type RecordHeader } from '@/lib/brokers/broker';
import { HEADER, MAX_HOPS, RETRY_HEADERS } from '@/lib/protocol/headers';
import type { RetryItem } from '@/lib/store/retries/items';
import type { LoadedRecord } from '../records/load-record';

/** How often a record was given to a group anew before. */
export function hopsOf(record: LoadedRecord): number {
  return Number(headerOf(record.headers, HEADER.hops) ?? 0) || 0;
}

/** Whether a record may not be sent on, since it went round too often. */
export function hasTooManyHops(record: LoadedRecord): boolean {
  return hopsOf(record) >= MAX_HOPS;
}

/** Hash of the payload that is sent; null counts as empty. */
export function payloadHash(value: Buffer | null): Buffer {
  return createHash('sha256')
    .update(value ?? '')
    .digest();
}

/** The header of a send that repeats one whose outcome was not known. */
export function possibleDuplicate(send: { possibleDuplicate: boolean }): RecordHeader[] {
  return send.possibleDuplicate ? [[HEADER.possibleDuplicate, Buffer.from('1')]] : [];
}

/** Headers of a message that a person publishes from the console: Courier is its sender. */
export function testHeaders(
  message: { id: string; topic: string; type: string | null; headers: readonly [string, string][] },
  sentAt: Date,
): RecordHeader[] {
  const own: [string, string | null][] = [
    [HEADER.id, message.id],
    [HEADER.topic, message.topic],
    [HEADER.type, message.type],
    [HEADER.service, 'courier'],
    [HEADER.kind, 'event'],
    [HEADER.time, sentAt.toISOString()],
  ];
  return [...own, ...message.headers].flatMap(([name, value]): RecordHeader[] =>
    value === null ? [] : [[name, Buffer.from(value)]],
  );
}

/**
 * Headers of a resend: the record's own in their order and byte for byte, without those that Courier added at an earlier
 * retry or failure, and behind them those of this retry. A record without Courier's id gets the id of its message. Headers
 * of the same names that others wrote are kept: of a repeated name the last counts.
 */
export function retryHeaders(
  record: LoadedRecord,
  item: Pick<RetryItem, 'messageId' | 'courierRetryId' | 'retryId' | 'generation'> & { group: string },
  send: {
    number: number;
    possibleDuplicate: boolean;
    origin: string;
    /** Whether the record's retry id is of this ledger. */
    isIssued: boolean;
    isDeadLetter: boolean;
  },
): RecordHeader[] {
  const kept = record.headers.filter(
    ([name]) =>
      !(send.isIssued && RETRY_HEADERS.includes(name)) &&
      !(send.isDeadLetter && (RETRY_HEADERS.includes(name) || name.startsWith('courier-dlq-'))),
  );
  const added: Record<string, string | undefined> = {
    [HEADER.id]: headerOf(kept, HEADER.id) === item.messageId ? undefined : item.messageId,
    [HEADER.topic]: headerOf(kept, HEADER.topic) === send.origin ? undefined : send.origin,
    [HEADER.retryId]: item.courierRetryId,
    [HEADER.retryJobId]: item.retryId,
    [HEADER.generation]: String(item.generation),
    [HEADER.attempt]: String(send.number),
    [HEADER.source]: record.position,
    [HEADER.targetGroup]: item.group,
    [HEADER.payloadSha256]: payloadHash(record.value).toString('hex'),
    [HEADER.hops]: String((send.isIssued ? hopsOf(record) : 0) + 1),
  };
  return [
    ...kept,
    ...Object.entries(added).flatMap(([name, value]): RecordHeader[] =>
      value === undefined ? [] : [[name, Buffer.from(value)]],
    ),
    ...possibleDuplicate(send),
  ];
}
