import { positionText } from '@/lib/protocol/position';
import { createHash } from 'node:crypto';
import { describeRecord } from '@/lib/protocol/description';
import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { storable } from '@/lib/protocol/text';
import { uuidV7From } from '@/lib/protocol/uuid';
import { isAhead, isUuidV7 } from '@/lib/protocol/identity';
import { DEAD_LETTER_HEADER as DLQ, HEADER } from '@/lib/protocol/headers';
import { roleOfTopic } from '@/lib/protocol/topics';
import { keepBody } from '@/lib/store/bodies/keep';
import { recordDeadLetter } from '@/lib/store/facts/dead-letters';
import { keepRejected, type Rejected } from '@/lib/store/facts/rejected';
import { readPolicies } from '@/lib/store/topics';
import type { Context } from '@/lib/context/context';
import type { ReportedFact } from '@/lib/protocol/fact';
import { reportedFact } from '@/lib/protocol/fact-schema';
import type { TopicBatch } from '../follow-topics';
import { idOfStranger, idsOf, type Naming } from '../name-facts';
import { reasonOf, recordFacts } from '../record';

/** What a dead letter says of itself, whatever framework wrote it. */
export interface DeadLetter {
  dialect: string;
  /** The message, or by what it is known where its record has no id of ours. */
  messageId: string | Naming;
  group: string | null;
  facts: ReportedFact[];
  /** Facts that do not fit, as they stand in its headers, with what is wrong with them. */
  rejected: { reason: string; fact: unknown }[];
}

/** Reads one framework's headers; null where the record is not its own. Other frameworks add theirs to `DIALECTS`. */
export type Dialect = (record: BrokerRecord) => DeadLetter | null;

/** As much of a header as a stack may have. */
const MAX_HEADER_BYTES = 65_536;
const NOT_UNDERSTOOD = 'no headers of a dead letter that Courier knows';

const DIALECTS: readonly Dialect[] = [readCourier];

const SOURCE = 'dead-letter topic';

/**
 * Writes the dead letters of a partition: their last failure as a fact, their body, where they stand. What nobody's
 * headers explain is kept aside and counted.
 */
export async function indexDeadLetters(context: Context, batch: TopicBatch): Promise<number> {
  const read: { record: BrokerRecord; letter: DeadLetter }[] = [];
  const rejected: Rejected[] = [];
  for (const record of batch.records) {
    const letter = DIALECTS.map((read) => read(record)).find((item) => item !== null);
    if (letter) read.push({ record, letter });
    const place = positionText(record);
    if (!letter) rejected.push({ place, reason: NOT_UNDERSTOOD, body: record.value ?? Buffer.alloc(0) });
    for (const item of letter?.rejected ?? [])
      rejected.push({ place, reason: item.reason, body: Buffer.from(JSON.stringify(item.fact)) });
  }
  const found = await withIds(context, read);
  const topicId = await context.catalog.topicId(batch.topic);
  const policies = await readPolicies(context.store, context.cluster.id);
  const groups = await context.catalog.groupIds(found.flatMap(({ letter }) => letter.group ?? []));
  await recordFacts(
    context,
    found.flatMap(({ letter, messageId }) => letter.facts.map((fact) => ({ ...fact, messageId }))),
    {
      source: SOURCE,
      async also(client, idOf) {
        await batch.claim(client);
        await keepRejected(client, context.cluster.id, SOURCE, rejected);
        for (const { record, letter, messageId: given } of found) {
          const messageId = idOf(given);
          if (policies.get(originOf(letter) ?? '')?.bodyPolicy !== 'none')
            await keepBody(client, {
              messageId,
              role: 'dead letter',
              clusterId: context.cluster.id,
              record,
            });
          await recordDeadLetter(client, {
            topicId,
            partition: record.partition,
            offset: record.offset,
            messageId,
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

/** Dead letters with the ids of their messages; one that names none stands under the id that its own place gives. */
async function withIds(context: Context, read: { record: BrokerRecord; letter: DeadLetter }[]) {
  const namings = read.flatMap(({ letter }) =>
    typeof letter.messageId === 'string' ? [] : [letter.messageId],
  );
  const ids = namings.length === 0 ? [] : await idsOf(context, namings);
  const idOf = new Map(namings.map((naming, at) => [naming, ids[at]]));
  return read.map(({ record, letter }) => {
    const { messageId: name } = letter;
    const messageId =
      typeof name === 'string'
        ? name
        : (idOf.get(name) ?? idOfStranger(context.cluster.name, name, record.timestamp));
    return { record, letter, messageId };
  });
}

/** The topic that a dead letter's message was published to. */
function originOf(letter: DeadLetter): string | undefined {
  return letter.facts.find((fact) => fact.message !== undefined)?.message?.topic;
}

/** The SDK's own dead letters: the fact carries the id that the subscriber gave it, so that it is not counted twice. */
function readCourier(record: BrokerRecord): DeadLetter | null {
  const text = (name: string) => {
    const value = headerOf(record.headers, name);
    return value === undefined ? undefined : storable(value, MAX_HEADER_BYTES);
  };
  const group = text(DLQ.group);
  const factId = text(DLQ.factId);
  const to = { topic: record.topic, partition: record.partition, offset: record.offset.toString() };
  const source = positionOf(text(HEADER.source));
  const id = text(HEADER.id);
  // A header that was copied from a message of another topic is no id of this one.
  const isCopied =
    source !== undefined && roleOfTopic(source.topic) === 'message' && text(HEADER.topic) !== source.topic;
  const recordTime = text(DLQ.recordTime);
  const messageId =
    isUuidV7(id) && !isCopied && !isAhead(id, Number(recordTime ?? record.timestamp))
      ? id
      : source && { position: source, recordTime: recordTime === undefined ? undefined : Number(recordTime) };
  if (messageId === undefined || group === undefined || factId === undefined) return null;
  const number = (name: string) => (text(name) === undefined ? undefined : Number(text(name)));
  const failure = {
    factId,
    kind: text(DLQ.kind) ?? 'handle_failed',
    at: text(DLQ.at) ?? new Date(record.timestamp).toISOString(),
    startedAt: text(DLQ.startedAt),
    durationMs: number(DLQ.duration),
    group,
    attempt: number(DLQ.attempts),
    generation: number(HEADER.generation),
    retryId: text(HEADER.retryId),
    position: source,
    message: describeRecord({
      topic: (isCopied ? undefined : text(HEADER.topic)) ?? source?.topic ?? record.topic,
      key: record.key,
      size: record.value?.length ?? 0,
      header: text,
      isForwarded: isCopied,
    }),
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
    at: new Date(record.timestamp).toISOString(),
    group,
    position: to,
  };
  const letter: DeadLetter = { dialect: 'courier', messageId, group, facts: [], rejected: [] };
  for (const fact of [failure, arrival]) {
    const given: unknown = JSON.parse(JSON.stringify(fact));
    const parsed = reportedFact.safeParse(given);
    if (parsed.success) letter.facts.push(parsed.data);
    else letter.rejected.push({ reason: reasonOf(parsed.error), fact: given });
  }
  return letter;
}

function positionOf(text: string | undefined) {
  const match = /^(.+)\/(\d+)\/(\d+)$/.exec(text ?? '');
  return match ? { topic: match[1] ?? '', partition: Number(match[2]), offset: match[3] ?? '0' } : undefined;
}
