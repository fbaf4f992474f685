import type { Queryable } from '@/lib/postgres';
import { hashOfRef } from '@/lib/store/facts/refs';
import { formerHash } from '../former/refs';

/** Messages that are read of one key, newest first. */
const MAX_OF_KEY = 200;

/** Where the newest messages of a key are on one partition. */
export interface NewestOfKey {
  offsets: bigint[];
  /** Whether these are all messages of the key that are known, on every topic. */
  isComplete: boolean;
}

/**
 * Where the newest messages of some keys are on a partition, by key; a key that no message has is left out.
 * @param keys as the texts of `keyText`
 */
export async function findNewestOfKeys(
  store: Queryable,
  clusterId: number,
  { topic, partition }: { topic: string; partition: number },
  keys: readonly string[],
): Promise<Map<string, NewestOfKey>> {
  const { rows } = await store.query<{ key: string; messages: number; offsets: string[] }>({
    name: 'newest-of-keys',
    text: `SELECT k.value AS key, count(DISTINCT r.message_id)::int AS messages,
             coalesce(array_agg(DISTINCT p."offset") FILTER (WHERE p."offset" IS NOT NULL), '{}') AS offsets
           FROM unnest($1::bigint[], $2::bytea[], $3::text[]) AS k (hash, former_hash, value)
           CROSS JOIN LATERAL (
             SELECT DISTINCT message_id FROM (
               (SELECT m.id AS message_id FROM message m
                WHERE left(m.key, 100) = left(k.value, 100) AND m.key = k.value AND m.cluster_id = $4
                ORDER BY m.id DESC LIMIT ${MAX_OF_KEY})
               UNION ALL
               (SELECT f.message_id FROM ref f JOIN message m ON m.id = f.message_id
                WHERE f.value_hash = k.hash AND m.cluster_id = $4 ORDER BY f.message_id DESC LIMIT ${MAX_OF_KEY})
               UNION ALL
               (SELECT o.message_id FROM former_ref o
                WHERE o.kind = 'key' AND o.value_hash = k.former_hash AND o.value = k.value AND o.cluster_id = $4
                ORDER BY o.message_id DESC LIMIT ${MAX_OF_KEY})
             ) found ORDER BY message_id DESC LIMIT ${MAX_OF_KEY}) r
           LEFT JOIN LATERAL (
             SELECT m."offset" FROM message m JOIN topic t ON t.id = m.topic_id
             WHERE m.id = r.message_id AND t.name = $5 AND m.partition = $6
             UNION ALL
             SELECT f."offset" FROM fact f JOIN topic t ON t.id = f.topic_id
             WHERE f.message_id = r.message_id AND t.name = $5 AND f.partition = $6
             UNION ALL
             SELECT f."offset" FROM former_fact f JOIN topic t ON t.id = f.topic_id
             WHERE f.message_id = r.message_id AND t.name = $5 AND f.partition = $6
           ) p ON true
           GROUP BY k.value`,
    values: [
      keys.map((key) => hashOfRef('key', key)),
      keys.map(formerHash),
      keys,
      clusterId,
      topic,
      partition,
    ],
  });
  return new Map(
    rows.map((row) => [row.key, { offsets: row.offsets.map(BigInt), isComplete: row.messages < MAX_OF_KEY }]),
  );
}
