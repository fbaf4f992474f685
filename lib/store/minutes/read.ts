import type { Queryable } from '@/lib/postgres';

/** The first minute in which anything was counted: before it nothing is known, which is not the same as none. */
export async function readFirstMinute(store: Queryable, clusterId: number): Promise<Date | null> {
  const { rows } = await store.query<{ minute: Date }>({
    name: 'first-minute',
    text: `SELECT minute FROM minute_count WHERE cluster_id = $1 AND what = 'published' ORDER BY minute LIMIT 1`,
    values: [clusterId],
  });
  return rows[0]?.minute ?? null;
}

/** Counted once in each minute in which facts were collected: what was counted in no such minute is not known. */
export const WATCHED = 'watched';

/** Counts of a span by minute: what was counted, in which minute (0 first), how often. */
export async function readMinutes(
  store: Queryable,
  clusterId: number,
  from: Date,
  to: Date,
): Promise<{ what: string; minute: number; count: number }[]> {
  const { rows } = await store.query<{ what: string; minute: number; count: number }>({
    name: 'read-minutes',
    text: `SELECT what, (extract(epoch FROM minute - $2::timestamptz) / 60)::int AS minute, count::int AS count
           FROM minute_count WHERE cluster_id = $1 AND minute >= $2 AND minute < $3`,
    values: [clusterId, from, to],
  });
  return rows;
}
