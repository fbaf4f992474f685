import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { parsePosition } from '@/lib/protocol/position';
import { believedId } from '@/lib/protocol/identity';
import type { HeaderPair } from '@/lib/protocol/header-text';
import { HEADER } from '@/lib/protocol/headers';
import { deadLetterTopicOf, retryTopicOf, roleOfTopic } from '@/lib/protocol/topics';
import { readBodies, readDeparture, type StoredBody, type StoredDeparture } from '@/lib/store/bodies/read';
import { wasIndexed } from '@/lib/store/messages/read-message';
import { readPositions } from '@/lib/store/messages/read-positions';
import { inPartitionOf } from '@/lib/store/schema/partitions';
import { CourierError } from '@/lib/errors';
import type { Context } from '@/lib/context/context';
import { idOfRecord, idOnCluster, idOnTopic } from '@/lib/protocol/derived-ids';

export interface LoadedRecord {
  from: 'broker' | 'store';
  /** `topic/partition/offset` of the record whose bytes these are. */
  position: string;
  /** Position of the message on its own topic, even if the bytes are of another record; null if unknown. */
  original: string | null;
  key: Buffer | null;
  value: Buffer | null;
  headers: HeaderPair[];
  timestamp: Date | null;
  truncated: boolean;
  size: number;
  /** Codec of its batch, as `BrokerRecord.codec`. */
  codec?: number | undefined;
}

/** When a record left its broker, and of which topic. */
export interface Departure extends StoredDeparture {
  topic: string;
}

export type LoadAnswer =
  | { found: LoadedRecord; departure: Departure | null; copyFrom: Date | null }
  | {
      found: null;
      why: 'no_position' | 'gone' | 'broker_unreachable' | 'not_readable';
      departure: Departure | null;
      position: string | null;
    };

/**
 * The bytes of a message: from the broker by position while they are there, exact to the last header; else the copy
 * that the store took from a dead-letter topic. A record at the position that is another message is not taken for it.
 * @param group whose own dead letter comes before those of other groups
 */
export async function loadRecord(
  context: Context,
  messageId: string,
  group: string | null = null,
): Promise<LoadAnswer> {
  const { store, partitions } = context;
  const positions = await inPartitionOf(partitions, messageId, async (name) => {
    const relations = { message: name('message_read'), fact: name('fact_read') };
    return (await readPositions(store, [messageId], relations)).get(messageId) ?? null;
  });
  const original = (positions ?? []).filter(
    (text) => roleOfTopic(parsePosition(text)?.topic ?? '') === 'message',
  );
  let trouble: 'broker_unreachable' | 'not_readable' | null = null;
  for (const text of original) {
    try {
      const found = await fetchOne(context, messageId, text);
      if (found === 'broker_unreachable' || found === 'not_readable') trouble = found;
      else if (found) return { found: { ...found, original: text }, departure: null, copyFrom: null };
    } catch (error) {
      if (!(error instanceof CourierError)) throw error;
      trouble = 'broker_unreachable';
    }
  }
  const bodies = await inPartitionOf(partitions, messageId, async (name) => {
    const list = await readBodies(store, name('body'), messageId);
    return list.length > 0 ? list : null;
  });
  const whole = bodies?.sort((a, b) => trustOf(b, group) - trustOf(a, group))[0];
  const [first] = original;
  const departure = first === undefined || trouble ? null : await departureOf(context, messageId, first);
  if (whole) {
    const { key, headers, payload, truncated, size, takenFrom } = whole;
    return {
      found: {
        from: 'store',
        original: first ?? null,
        position: takenFrom,
        key,
        headers,
        value: payload,
        timestamp: null,
        truncated,
        size,
      },
      departure,
      copyFrom: whole.receivedAt,
    };
  }
  if (first === undefined) return { found: null, why: 'no_position', departure: null, position: null };
  if (trouble) return { found: null, why: trouble, departure: null, position: first };
  return { found: null, why: 'gone', departure, position: first };
}

/** Which copy is taken: of the message's own topic, then of the group's own dead letter; whole ones before cut ones. */
function trustOf({ role, takenFrom, truncated }: StoredBody, group: string | null): number {
  const isOwn = group !== null && parsePosition(takenFrom)?.topic === deadLetterTopicOf(group);
  return (role === 'message' ? 4 : isOwn ? 2 : 0) + (truncated ? 0 : 1);
}

/**
 * Whether bytes may be sent to a group's topic. What a group wrote to its dead-letter topic is its own word for the
 * message: it goes back to that group alone, and never to a topic that others read.
 */
export function maySend(
  record: Pick<LoadedRecord, 'from' | 'position'>,
  item: { group: string; targetTopic: string },
): boolean {
  const topic = parsePosition(record.position)?.topic ?? '';
  if (record.from === 'broker' || roleOfTopic(topic) !== 'dead_letter') return true;
  return topic === deadLetterTopicOf(item.group) && item.targetTopic === retryTopicOf(item.group);
}

async function fetchOne(
  context: Context,
  messageId: string,
  text: string,
): Promise<Omit<LoadedRecord, 'original'> | 'broker_unreachable' | 'not_readable' | null> {
  const position = parsePosition(text);
  if (!position) return null;
  const [answer] = await context.broker.fetch([position], { maxBytes: 1, waitMs: 0 });
  if (answer?.problem === 'no_leader' || answer?.problem === 'unreachable') return 'broker_unreachable';
  if (answer?.problem === 'refused' || answer?.problem === 'unreadable') return 'not_readable';
  if (answer?.passedOver?.some(({ from, to }) => position.offset >= from && position.offset < to))
    return 'not_readable';
  const record = answer?.records.find((record) => record.offset === position.offset);
  if (!record) return null;
  if (!(await isOf(context, record, messageId))) return null;
  const { key, value, headers, timestamp, codec } = record;
  return {
    from: 'broker',
    position: text,
    key,
    value,
    headers,
    timestamp: new Date(timestamp),
    truncated: false,
    size: value?.length ?? 0,
    codec,
  };
}

/**
 * Whether a record is a message's own. One that names its message is that message's. One that does not is taken at its
 * reporter's word, unless the index has read the message itself: then its id follows from the place, and another id
 * means that the topic was made anew since.
 */
async function isOf(context: Context, record: BrokerRecord, messageId: string): Promise<boolean> {
  const id = believedId({
    ...record,
    id: headerOf(record.headers, HEADER.id),
    origin: headerOf(record.headers, HEADER.topic),
  });
  if (id !== undefined) {
    const { name } = context.cluster;
    const here = [id, idOnCluster(name, id)];
    return [...here, ...here.map((own) => idOnTopic(name, own, record.topic))].includes(messageId);
  }
  const topics = await context.broker.topics();
  const incarnation = topics.find((topic) => topic.name === record.topic)?.incarnation ?? null;
  const position = { topic: record.topic, partition: record.partition, offset: record.offset.toString() };
  if (idOfRecord(context.cluster.name, incarnation, position, record.timestamp) === messageId) return true;
  const indexed = await inPartitionOf(context.partitions, messageId, async (name) =>
    (await wasIndexed(context.store, name, messageId)) ? true : null,
  );
  return indexed === null;
}

async function departureOf(context: Context, messageId: string, text: string): Promise<Departure | null> {
  const position = parsePosition(text);
  if (!position) return null;
  const topicId = await context.catalog.topicId(position.topic);
  const { partition, offset } = position;
  const departure = await inPartitionOf(context.partitions, messageId, (name) =>
    readDeparture(context.store, name('message_read'), messageId, { topicId, partition, offset }),
  );
  return departure && { topic: position.topic, ...departure };
}
