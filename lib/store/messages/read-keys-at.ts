import type { Queryable } from '@/lib/postgres';
import { hashOfRef } from '@/lib/store/facts/refs';

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
  const { rows } = await store.query<{ position: string; keys: string[] }>({
    name: 'keys-at',
    text: `SELECT q.value AS position, array_agg(DISTINCT k.value) AS keys
           FROM unnest($1::bytea[], $2::text[]) AS q (hash, value)
           JOIN ref p ON p.kind = 'position' AND p.value_hash = q.hash AND p.value = q.value AND p.cluster_id = $3
           JOIN ref k ON k.message_id = p.message_id AND k.kind = 'key'
           GROUP BY q.value`,
    values: [positions.map(hashOfRef), positions, clusterId],
  });
  return new Map(rows.map((row) => [row.position, row.keys]));
}
