import type { Queryable } from '@/lib/postgres';

/** When groups of a cluster were measured last; null: never. */
export async function readLastSample(store: Queryable, clusterId: number): Promise<Date | null> {
  const { rows } = await store.query<{ at: Date | null }>(
    `SELECT max(n.sampled_at) AS at FROM group_now n JOIN consumer_group g ON g.id = n.group_id WHERE g.cluster_id = $1`,
    [clusterId],
  );
  return rows[0]?.at ?? null;
}
