import type { Queryable } from '@/lib/postgres';

/** Facts that were not understood, the newest first, and how many there are. */
export async function readRejected(
  store: Queryable,
  limit: number,
): Promise<{ count: number; newest: { source: string; place: string; reason: string; at: Date }[] }> {
  const { rows } = await store.query<{
    source: string;
    place: string;
    reason: string;
    received_at: Date;
    count: number;
  }>(
    `SELECT source, place, reason, received_at, count(*) OVER ()::int AS count FROM fact_rejected
     ORDER BY id DESC LIMIT $1`,
    [limit],
  );
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
