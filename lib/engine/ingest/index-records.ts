import { readBytes } from '@/lib/protocol/bytes-text';
import { describeRecord } from '@/lib/protocol/description';
import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { idOfRecord, indexedFactId } from '@/lib/protocol/derived-ids';
import { believableTime, believedId } from '@/lib/protocol/identity';
import { positionText } from '@/lib/protocol/position';
import { findByPositions } from '@/lib/store/messages/find-by-ref';
import { HEADER } from '@/lib/protocol/headers';
import { holdLetterTopics, removeReadLetters, withReported } from '@/lib/store/dead-letters/reported';
import { keepBody } from '@/lib/store/bodies/keep';
import type { TopicPolicy } from '@/lib/store/topics/topics';
import type { Source } from '@/lib/domain/workers/source';
import type { Context } from '@/lib/context/context';
import { COPIED_FROM } from './doubt-ahead';
import type { ReportedFact } from '@/lib/protocol/fact';
import { reportedFact } from '@/lib/protocol/fact-schema';
import type { TopicBatch } from './follow-topics';
import type { OlderRecords } from './older-records';
import { groupBy } from '@/lib/values/group-by';
import { timeOfUuidV7 } from '@/lib/protocol/uuid';
import { recordFacts } from './record';

const MAX_ID_HEADERS = 20;

/**
 * Indexes records, so that messages of uninstrumented services are found: position, key, id headers, and the body if the
 * topic's policy keeps it.
 * @param batches of any topics, each partition once; written in one transaction
 * @param older room for messages older than the store keeps; null: unlimited, for records that services report something of
 */
export async function indexRecords(
  context: Context,
  batches: TopicBatch[],
  policyOf: (topic: string) => TopicPolicy,
  older: OlderRecords | null,
): Promise<number> {
  const read = await idsOfFuture(context, batches);
  const all = batches.flatMap((batch) => {
    const policy = policyOf(batch.topic);
    return batch.records.flatMap((record) => {
      const fact = factOf(context, record, policy, batch.incarnation, read);
      return fact ? [{ batch, record, fact, isKept: policy.bodyPolicy === 'all' }] : [];
    });
  });
  const { taken: found, leftOut } = older ? await withinRoom(all, older) : { taken: all, leftOut: [] };
  const leftOutOf = groupBy(leftOut, ({ batch }) => batch);
  const topics = await context.catalog.topicIds(batches.map(({ topic }) => topic));
  await recordFacts(
    context,
    found.map(({ fact }) => fact),
    {
      source: 'topic index' satisfies Source,
      async also(client, idOf) {
        await holdLetterTopics(client, [...topics.values()], 'reader');
        for (const batch of batches)
          await batch.claim(
            client,
            leftOutOf.get(batch)?.map(({ record }) => record),
          );
        for (const { record, fact, isKept } of found) {
          const { messageId } = fact;
          if (!isKept || messageId === undefined) continue;
          const clusterId = context.cluster.id;
          await keepBody(client, {
            messageId: idOf(messageId, record.topic),
            role: 'message',
            clusterId,
            record,
          });
        }
      },
      async afterwards(client, counts) {
        const holding = await withReported(client, [...topics.values()]);
        const places = found.map(({ record: { topic, partition, offset } }) => ({
          topicId: topics.get(topic) ?? 0,
          partition,
          offset: offset.toString(),
        }));
        const suspected = places.filter(({ topicId }) => holding.has(topicId));
        await removeReadLetters(client, context.catalog, suspected, counts);
      },
    },
  );
  return found.length;
}

/** Parts messages older than the store keeps from the rest, where there is no room for them; the rest gets its days. */
async function withinRoom<Item extends { fact: ReportedFact }>(
  all: Item[],
  older: OlderRecords,
): Promise<{ taken: Item[]; leftOut: Item[] }> {
  const idOf = ({ fact }: Item) => fact.messageId ?? '';
  const isOlder = (item: Item) => timeOfUuidV7(idOf(item)) < older.keptFrom;
  const old = all.filter(isOlder);
  const room = await older.take(old.length);
  const leftOut = new Set(old.slice(room));
  await older.makeDays(all.map(idOf));
  return { taken: all.filter((item) => !leftOut.has(item)), leftOut: [...leftOut] };
}

/** Ids of records from the future that were read before: theirs do not follow from their own time. */
async function idsOfFuture(context: Context, batches: TopicBatch[]): Promise<Map<string, string>> {
  const now = context.now().getTime();
  const ahead = batches
    .flatMap((batch) => batch.records)
    .filter(({ timestamp }) => believableTime(timestamp, now) !== timestamp);
  if (ahead.length === 0) return new Map();
  return findByPositions(context.store, context.cluster.id, ahead.map(positionText));
}

/**
 * Builds the fact of a record. The record belongs to the message that its headers name, if they are credible; else it
 * starts a message of its own, which is also found by the id in its headers.
 */
function factOf(
  context: Context,
  record: BrokerRecord,
  policy: TopicPolicy,
  incarnation: string | null,
  read: ReadonlyMap<string, string>,
): ReportedFact | null {
  const text = (name: string) => headerOf(record.headers, name);
  const id = text(HEADER.id);
  const own = believedId({ ...record, id, origin: text(HEADER.topic) });
  const isNamed = own !== undefined;
  const position = {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset.toString(),
  };
  const factId = indexedFactId(context.cluster.name, incarnation, position, record.timestamp);
  const writtenAt = new Date(record.timestamp).toISOString();
  const made = believableTime(record.timestamp, context.now().getTime());
  const messageId =
    own ?? read.get(positionText(position)) ?? idOfRecord(context.cluster.name, incarnation, position, made);
  const description = describeRecord({
    topic: record.topic,
    key: record.key,
    size: record.value?.length ?? 0,
    header: text,
    isForwarded: id !== undefined && !isNamed,
  });
  const parsed = reportedFact.safeParse(
    dropEmpty({
      factId,
      kind: 'indexed',
      messageId,
      // If the sender reports the message, its own fact has the time of the commit.
      at: isNamed ? context.now().toISOString() : writtenAt,
      position,
      message: { sentAt: writtenAt, ...description },
      idHeaders: idHeadersOf(record, policy, isNamed ? undefined : id),
    }),
  );
  if (parsed.success) return parsed.data;
  // A malformed header is dropped: the record is still found by its id, position and key.
  const plain = reportedFact.safeParse({
    factId,
    kind: 'indexed',
    messageId,
    at: writtenAt,
    position,
    message: dropEmpty({ topic: record.topic, key: description.key, sentAt: writtenAt }),
  });
  return plain.success ? plain.data : null;
}

function idHeadersOf(record: BrokerRecord, policy: TopicPolicy, copiedFrom: string | undefined) {
  const wanted = new Set(policy.idHeaders);
  const found = record.headers
    .filter(([name, value]) => wanted.has(name) && value !== null && value.length > 0)
    .map(([name, value]) => ({ name, value: value ? readBytes(value, name).text : '' }));
  if (copiedFrom) found.push({ name: COPIED_FROM, value: copiedFrom });
  return found.slice(0, MAX_ID_HEADERS);
}

function dropEmpty<T extends object>(given: T): Partial<T> {
  const kept: Partial<T> = {};
  for (const name in given) if (given[name] !== undefined && given[name] !== '') kept[name] = given[name];
  return kept;
}
