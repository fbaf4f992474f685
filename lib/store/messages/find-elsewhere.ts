import type { Queryable } from '@/lib/postgres';

/** Which of some ids are of messages of another cluster. */
export async function findElsewhere(
  store: Queryable,
  clusterId: number,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const sorted = [...ids].sort();
  const { rows } = await store.query<{ id: string }>({
    name: 'find-elsewhere',
    // The bounds keep it to the partitions of the ids' own days.
    text: 'SELECT id FROM message_read WHERE id = ANY($1) AND id >= $2 AND id <= $3 AND cluster_id <> $4',
    values: [sorted, sorted[0], sorted.at(-1), clusterId],
  });
  return rows.map((row) => row.id);
}
