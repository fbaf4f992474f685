import { textOfPosition } from '@/lib/domain/messages/fold';
import { idOfRecord, type SenderName } from '@/lib/protocol/derived-ids';
import { believableTime } from '@/lib/protocol/identity';
import { findByPositions, findByProducers } from '@/lib/store/messages/find-by-ref';
import { incarnationsOf } from '@/lib/store/topics/topics';
import type { Context } from '@/lib/context/context';

/** Names a message by its record or by its sender's id, where its id is not known. */
export interface Naming extends SenderName {
  /** Milliseconds since 1970 of the record at `position`, where the reporter saw that it has no id of Courier's. */
  recordTime?: number | undefined;
}

/**
 * Returns the ids of the named messages. A record without an id of Courier's gets the id that every reader of the record
 * computes, unless its time is more than a day ahead. Any other message is found by its position or by its sender's id; null if none is stored yet.
 */
export async function idsOf(context: Context, namings: readonly Naming[]): Promise<(string | null)[]> {
  const now = context.now().getTime();
  // A record from the future has an id of the time at which the index read it, which does not follow from the record.
  const isTimed = ({ recordTime }: Naming) =>
    recordTime !== undefined && believableTime(recordTime, now) === recordTime;
  const records = namings.filter((naming) => naming.position !== undefined && isTimed(naming));
  const asked = namings.filter((naming) => !records.includes(naming));
  const places = asked.flatMap(({ position }) => (position ? [textOfPosition(position)] : []));
  const senders = asked.flatMap(({ message }) =>
    message?.producerId === undefined ? [] : [{ topic: message.topic, producerId: message.producerId }],
  );
  const { store, cluster } = context;
  const [incarnations, byPlace, bySender] = await Promise.all([
    knownIncarnations(context, records),
    places.length === 0 ? NONE : findByPositions(store, cluster.id, places),
    senders.length === 0 ? NONE : findByProducers(store, cluster.id, senders),
  ]);
  return namings.map((naming) => {
    const { position, recordTime, message } = naming;
    if (position && recordTime !== undefined && isTimed(naming))
      return idOfRecord(cluster.name, incarnations.get(position.topic) ?? null, position, recordTime);
    return (
      (position && byPlace.get(textOfPosition(position))) ??
      (message && bySender.get(`${message.topic}\n${message.producerId ?? ''}`)) ??
      null
    );
  });
}

const NONE: ReadonlyMap<string, string> = new Map();

async function knownIncarnations(context: Context, records: Naming[]): Promise<Map<string, string>> {
  const topics = [...new Set(records.flatMap(({ position }) => (position ? [position.topic] : [])))];
  if (topics.length === 0) return new Map();
  const known = await incarnationsOf(context.store, context.cluster.id, topics);
  if (topics.every((topic) => known.has(topic))) return known;
  for (const topic of await context.broker.topics()) {
    if (topic.incarnation) known.set(topic.name, topic.incarnation);
  }
  return known;
}
