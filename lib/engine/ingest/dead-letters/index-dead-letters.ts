import type { BrokerRecord } from '@/lib/brokers/broker';
import type { Source } from '@/lib/domain/workers/source';
import type { Context } from '@/lib/context/context';
import { idOfStranger } from '@/lib/protocol/derived-ids';
import { positionText } from '@/lib/protocol/position';
import { keepBody } from '@/lib/store/bodies/keep';
import { recordDeadLetter } from '@/lib/store/dead-letters/record';
import { keepRejected, type Rejected } from '@/lib/store/facts/rejected';
import { readPolicies } from '@/lib/store/topics/topics';
import type { TopicBatch } from '../follow-topics';
import { withinGaps } from '@/lib/domain/messages/reporters';
import { readMessageOrigins } from '@/lib/store/messages/read-origins';
import { believableTime } from '@/lib/protocol/identity';
import { idsOf } from '../name-facts';
import { recordFacts } from '../record';
import type { DeadLetterReading, Dialect } from './dialects/dialect';
import { readDeadLetter } from './dialects/registry';
import { factsOfReading, type DeadLetterFacts } from './facts-of-reading';

const NOT_UNDERSTOOD = 'no headers of a dead letter that Courier knows';
const SOURCE = 'dead-letter index' satisfies Source;

interface DeadLetter extends DeadLetterFacts {
  record: BrokerRecord;
  dialect: Dialect;
  reading: DeadLetterReading;
}

/**
 * Writes the dead letters of a partition: the last failure of each as a fact, its body and its position. Records that no
 * dialect understands are kept in the table of rejected records.
 * @returns how many were understood
 */
export async function indexDeadLetters(context: Context, batch: TopicBatch): Promise<number> {
  const read: DeadLetter[] = [];
  const rejected: Rejected[] = [];
  for (const record of batch.records) {
    const place = positionText(record);
    const understood = readDeadLetter(record);
    if (!understood) {
      rejected.push({ place, reason: NOT_UNDERSTOOD, body: record.value ?? Buffer.alloc(0) });
      continue;
    }
    const letter = { ...understood, record, ...factsOfReading(record, understood.reading) };
    read.push(letter);
    for (const { reason, fact } of letter.rejected)
      rejected.push({ place, reason, body: Buffer.from(JSON.stringify(fact)) });
  }
  const found = await withIds(context, read);
  const topicId = await context.catalog.topicId(batch.topic);
  const policies = await readPolicies(context.store, context.cluster.id);
  const groups = await context.catalog.groupIds(found.flatMap(({ reading }) => reading.group ?? []));
  const facts = found.flatMap(({ facts: some, messageId }) => some.map((fact) => ({ ...fact, messageId })));
  // The writer of a dead letter is a receiver, whatever headers it writes.
  const origins = await readMessageOrigins(context.store, [...new Set(found.map((item) => item.messageId))]);
  await recordFacts(
    context,
    facts.map((fact) => withinGaps(fact, origins.get(fact.messageId))),
    {
      source: SOURCE,
      async also(client, idOf) {
        await batch.claim(client);
        await keepRejected(client, context.cluster.id, SOURCE, rejected);
        for (const { record, dialect, reading, messageId: given } of found) {
          const messageId = idOf(given, reading.topic);
          if (policies.get(reading.topic)?.bodyPolicy !== 'none')
            await keepBody(client, {
              messageId,
              role: `dead letter of ${record.topic}`,
              clusterId: context.cluster.id,
              record,
            });
          await recordDeadLetter(client, {
            topicId,
            partition: record.partition,
            offset: record.offset,
            messageId,
            groupId: reading.group === null ? null : (groups.get(reading.group) ?? null),
            dialect: dialect.id,
            at: new Date(record.timestamp),
          });
        }
      },
    },
  );
  return found.length;
}

/** Resolves the messages of dead letters; one that is not known yet has the id that its position gives it. */
async function withIds(
  context: Context,
  letters: readonly DeadLetter[],
): Promise<(DeadLetter & { messageId: string })[]> {
  const names = letters.flatMap(({ reading: { message } }) => (typeof message === 'string' ? [] : [message]));
  const ids = names.length === 0 ? [] : await idsOf(context, names);
  const known = new Map(names.map((name, index) => [name, ids[index]]));
  return letters.map((letter) => {
    const { message } = letter.reading;
    if (typeof message === 'string') return { ...letter, messageId: message };
    const stranger = (): string =>
      idOfStranger(
        context.cluster.name,
        message,
        believableTime(letter.record.timestamp, context.now().getTime()),
      );
    return { ...letter, messageId: known.get(message) ?? stranger() };
  });
}
