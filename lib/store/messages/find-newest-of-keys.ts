import type { Queryable } from '@/lib/postgres';
import { hashOfRef } from '@/lib/store/facts/refs';

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
  const prefix = `${topic}/${partition}/`;
  const { rows } = await store.query<{ key: string; messages: number; offsets: string[] }>({
    name: 'newest-of-keys',
    text: `SELECT k.value AS key, count(DISTINCT r.message_id)::int AS messages,
             coalesce(array_agg(substr(p.value, length($4) + 1)) FILTER (WHERE p.value IS NOT NULL), '{}') AS offsets
           FROM unnest($1::bytea[], $2::text[]) AS k (hash, value)
           CROSS JOIN LATERAL (
             SELECT message_id FROM ref
             WHERE kind = 'key' AND value_hash = k.hash AND value = k.value AND cluster_id = $3
             ORDER BY message_id DESC LIMIT ${MAX_OF_KEY}) r
           LEFT JOIN ref p ON p.message_id = r.message_id AND p.kind = 'position' AND starts_with(p.value, $4)
           GROUP BY k.value`,
    values: [keys.map(hashOfRef), keys, clusterId, prefix],
  });
  return new Map(
    rows.map((row) => [row.key, { offsets: row.offsets.map(BigInt), isComplete: row.messages < MAX_OF_KEY }]),
  );
}
