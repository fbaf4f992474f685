import type { Queryable } from '@/lib/postgres';

/** What was not understood of a cluster, the newest first, and how many there are. */
export async function readRejected(
  store: Queryable,
  clusterId: number,
  limit: number,
): Promise<{ count: number; newest: { source: string; place: string; reason: string; at: Date }[] }> {
  const { rows } = await store.query<{
    source: string;
    place: string;
    reason: string;
    received_at: Date;
    count: number;
  }>({
    name: 'read-rejected',
    text: `SELECT source, place, reason, received_at, count(*) OVER ()::int AS count FROM fact_rejected
     WHERE cluster_id = $1 ORDER BY id DESC LIMIT $2`,
    values: [clusterId, limit],
  });
  return {
    count: rows[0]?.count ?? 0,
    newest: rows.map((row) => ({
      source: row.source,
      place: row.place,
      reason: row.reason,
      at: row.received_at,
    })),
  };
}
