import { positionText } from '../protocol/position';
import type { FactError } from '../protocol/fact';
import { DEAD_LETTER_HEADER as DLQ, HEADER, RETRY_HEADERS } from '../protocol/headers';
import { deadLetterTopicOf } from '../protocol/topics';
import type { FactDraft } from './facts';
import type { Identity } from './identity';
import type { RecordIdentity } from './message';
import type { HeaderList, OutgoingRecord, ReceivedRecord } from './transport';

/** One attempt that failed. */
export interface Failure {
  kind: 'handle_failed' | 'push_failed';
  thrown: unknown;
  error: FactError;
  fact: FactDraft;
  attempt: number;
}

/** The record that a group gave up on, with what happened to it in its headers, for the group's dead-letter topic. */
export function deadLetterOf(
  record: ReceivedRecord,
  identity: RecordIdentity,
  failure: Failure,
  consumer: Identity & { group: string; member: string },
): OutgoingRecord {
  const { fact, error, attempt } = failure;
  const kept = record.headers.filter(
    ([name]) => !RETRY_HEADERS.includes(name) && !name.startsWith('courier-dlq-'),
  );
  const origin: HeaderList = identity.headers.has(HEADER.topic)
    ? []
    : [[HEADER.topic, Buffer.from(record.topic)]];
  const truth: Record<string, string | number | undefined> = {
    [DLQ.group]: consumer.group,
    [DLQ.kind]: failure.kind,
    [DLQ.factId]: fact.factId,
    [DLQ.errorType]: error.type,
    [DLQ.errorMessage]: error.message,
    [DLQ.errorStack]: error.stack,
    [DLQ.attempts]: attempt,
    [DLQ.at]: fact.at,
    [DLQ.startedAt]: fact.startedAt,
    [DLQ.duration]: fact.durationMs,
    [DLQ.service]: consumer.service,
    [DLQ.release]: consumer.release,
    [DLQ.host]: consumer.host,
    [DLQ.process]: consumer.process,
    [DLQ.member]: consumer.member,
    [DLQ.recordTime]: identity.id === undefined ? record.timestamp : undefined,
    [DLQ.partition]: record.partition,
    [DLQ.offset]: record.offset,
    [HEADER.source]: positionText(record),
    [HEADER.generation]: identity.generation || undefined,
    [HEADER.retryId]: identity.retryId,
  };
  const added = Object.entries(truth).flatMap(([name, value]): HeaderList =>
    value === undefined ? [] : [[name, Buffer.from(String(value))]],
  );
  return {
    topic: deadLetterTopicOf(consumer.group),
    key: record.key,
    value: record.value,
    headers: [...kept, ...origin, ...added],
  };
}
