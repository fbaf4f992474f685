import { positionText } from '@/lib/protocol/position';
import type { Queryable } from '@/lib/postgres';

/** Where retries sent messages to on a topic, as `topic/partition/offset`, by message id. */
export async function readSentPlaces(
  store: Queryable,
  clusterId: number,
  messageIds: readonly string[],
  topic: string,
): Promise<Map<string, Set<string>>> {
  const { rows } = await store.query<{ message_id: string; partition: number; offset: string }>({
    name: 'sent-places',
    text: `SELECT message_id, sent_partition AS partition, sent_offset AS "offset" FROM retry_item
     WHERE message_id = ANY($1) AND cluster_id = $2 AND target_topic = $3 AND sent_offset IS NOT NULL`,
    values: [messageIds, clusterId, topic],
  });
  const places = new Map<string, Set<string>>();
  for (const { message_id, partition, offset } of rows) {
    const list = places.get(message_id) ?? new Set<string>();
    places.set(message_id, list.add(positionText({ topic, partition, offset })));
  }
  return places;
}
