import type { Queryable } from '@/lib/postgres';

/** Facts that services dropped, by their heartbeats of the last day. */
export async function countDropped(store: Queryable, clusterId: number): Promise<number> {
  const { rows } = await store.query<{ dropped: number }>({
    name: 'count-dropped',
    text: `SELECT coalesce(sum(dropped), 0)::int AS dropped FROM instance
     WHERE cluster_id = $1 AND last_seen_at > now() - interval '1 day'`,
    values: [clusterId],
  });
  return rows[0]?.dropped ?? 0;
}
