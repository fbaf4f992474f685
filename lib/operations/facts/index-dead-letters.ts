import { createHash } from 'node:crypto';
import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { isUuidV7, uuidV7From } from '@/lib/domain/uuid';
import { DEAD_LETTER_HEADER as DLQ, HEADER } from '@/lib/protocol/headers';
import { keepBody } from '@/lib/store/bodies/keep';
import { recordDeadLetter } from '@/lib/store/facts/dead-letters';
import { readPolicies } from '@/lib/store/topics';
import type { Context } from '../context';
import { reportedFact, type ReportedFact } from './fact-schema';
import type { TopicBatch } from './follow-topics';
import { recordFacts } from './record';

/** What a dead letter says of itself, whatever framework wrote it. */
export interface DeadLetter {
  dialect: string;
  messageId: string;
  group: string | null;
  facts: ReportedFact[];
}

/** Reads one framework's headers; null where the record is not its own. Other frameworks add theirs to `DIALECTS`. */
export type Dialect = (record: BrokerRecord) => DeadLetter | null;

const DIALECTS: readonly Dialect[] = [readCourier];

/** Writes the dead letters of a partition: their last failure as a fact, their body, where they stand. */
export async function indexDeadLetters(context: Context, batch: TopicBatch): Promise<number> {
  const found = batch.records.flatMap((record) => {
    const letter = DIALECTS.map((read) => read(record)).find((one) => one !== null);
    return letter ? [{ record, letter }] : [];
  });
  const topicId = await context.catalog.topicId(batch.topic);
  const policies = await readPolicies(context.store, context.cluster.id);
  const groups = await context.catalog.groupIds(found.flatMap(({ letter }) => letter.group ?? []));
  await recordFacts(
    context,
    found.flatMap(({ letter }) => letter.facts),
    {
      source: 'dead-letter topic',
      async also(client) {
        await batch.claim(client);
        for (const { record, letter } of found) {
          if (policies.get(originOf(letter) ?? '')?.bodyPolicy !== 'none')
            await keepBody(client, {
              messageId: letter.messageId,
              role: 'dead letter',
              clusterId: context.cluster.id,
              record,
            });
          await recordDeadLetter(client, {
            topicId,
            partition: record.partition,
            offset: record.offset,
            messageId: letter.messageId,
            groupId: letter.group === null ? null : (groups.get(letter.group) ?? null),
            dialect: letter.dialect,
            at: new Date(record.timestamp),
          });
        }
      },
    },
  );
  return found.length;
}

/** The topic that a dead letter's message was published to. */
function originOf(letter: DeadLetter): string | undefined {
  return letter.facts.find((fact) => fact.message !== undefined)?.message?.topic;
}

/** The SDK's own dead letters: the fact carries the id that the subscriber gave it, so that it is not counted twice. */
function readCourier(record: BrokerRecord): DeadLetter | null {
  const text = (name: string) => headerOf(record.headers, name);
  const messageId = text(HEADER.id);
  const group = text(DLQ.group);
  const factId = text(DLQ.factId);
  if (!isUuidV7(messageId ?? '') || messageId === undefined || group === undefined || factId === undefined)
    return null;
  const to = { topic: record.topic, partition: record.partition, offset: record.offset.toString() };
  const source = positionOf(text(HEADER.source));
  const number = (name: string) => (text(name) === undefined ? undefined : Number(text(name)));
  const failure = {
    factId,
    kind: text(DLQ.kind) ?? 'handle_failed',
    messageId,
    at: text(DLQ.at) ?? new Date(record.timestamp).toISOString(),
    startedAt: text(DLQ.startedAt),
    durationMs: number(DLQ.duration),
    group,
    attempt: number(DLQ.attempts),
    generation: number(HEADER.generation),
    retryId: text(HEADER.retryId),
    position: source,
    message: {
      topic: text(HEADER.topic) ?? source?.topic ?? record.topic,
      type: text(HEADER.type),
      version: text(HEADER.version),
      service: text(HEADER.service),
      kind: text(HEADER.kind),
      key: record.key?.toString('utf8').slice(0, 1024),
      sentAt: text(HEADER.time),
      size: record.value?.length ?? 0,
      traceId: text(HEADER.traceparent)?.split('-')[1],
      producerId: text(HEADER.producerId),
    },
    error: {
      type: text(DLQ.errorType) ?? 'unknown',
      message: text(DLQ.errorMessage) ?? '',
      stack: text(DLQ.errorStack),
    },
    service: text(DLQ.service),
    release: text(DLQ.release),
    host: text(DLQ.host),
    process: text(DLQ.process),
    member: text(DLQ.member),
    gaveUp: { to },
  };
  const arrival = {
    factId: uuidV7From(
      record.timestamp,
      createHash('sha256')
        .update(`dead letter ${record.topic} ${record.partition} ${record.offset}`)
        .digest(),
    ),
    kind: 'dead_lettered',
    messageId,
    at: new Date(record.timestamp).toISOString(),
    group,
    position: to,
  };
  const facts = [failure, arrival].flatMap((fact) => {
    const parsed = reportedFact.safeParse(JSON.parse(JSON.stringify(fact)));
    return parsed.success ? [parsed.data] : [];
  });
  return { dialect: 'courier', messageId, group, facts };
}

function positionOf(text: string | undefined) {
  const match = /^(.+)\/(\d+)\/(\d+)$/.exec(text ?? '');
  return match ? { topic: match[1] ?? '', partition: Number(match[2]), offset: match[3] ?? '0' } : undefined;
}
