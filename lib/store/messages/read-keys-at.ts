import { parsePosition } from '@/lib/protocol/position';
import type { Queryable } from '@/lib/postgres';
import { hashOfRef } from '@/lib/store/facts/refs';
import { formerHash } from '../former/refs';

/**
 * Texts of the keys of all messages that are known at some positions, by position: a reporter may name a record by an id of
 * its own and without its key. A position without a key is left out.
 * @param positions as `topic/partition/offset`
 */
export async function readKeysAt(
  store: Queryable,
  clusterId: number,
  positions: readonly string[],
): Promise<Map<string, string[]>> {
  const places = positions.map((text) => parsePosition(text));
  const { rows } = await store.query<{ position: string; keys: string[] }>({
    name: 'keys-at',
    text: `WITH place AS (
             SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::bytea[])
               AS p (value, topic, partition, "offset", hash, former_hash)
           ), there AS (
             SELECT p.value, m.id FROM place p JOIN topic t ON t.cluster_id = $7 AND t.name = p.topic
               JOIN message m ON m.topic_id = t.id AND m.partition = p.partition AND m."offset" = p."offset"
             UNION
             SELECT p.value, f.message_id FROM place p JOIN ref f ON f.value_hash = p.hash
           ), keyed AS (
             SELECT there.value, m.key FROM there JOIN message m ON m.id = there.id AND m.cluster_id = $7
             UNION ALL
             SELECT there.value, f.key FROM there JOIN message m ON m.id = there.id AND m.cluster_id = $7
               JOIN fact f ON f.message_id = there.id
             UNION ALL
             SELECT p.value, k.value FROM place p
               JOIN former_ref o ON o.kind = 'position' AND o.value_hash = p.former_hash AND o.value = p.value AND o.cluster_id = $7
               JOIN former_ref k ON k.message_id = o.message_id AND k.kind = 'key'
           )
           SELECT value AS position, array_agg(DISTINCT key) AS keys FROM keyed WHERE key IS NOT NULL GROUP BY value`,
    values: [
      positions,
      places.map((place) => place?.topic ?? null),
      places.map((place) => place?.partition ?? null),
      places.map((place) => place?.offset.toString() ?? null),
      positions.map((text) => hashOfRef('position', text)),
      positions.map(formerHash),
      clusterId,
    ],
  });
  return new Map(rows.map((row) => [row.position, row.keys]));
}
