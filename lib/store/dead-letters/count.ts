import type { Queryable } from '@/lib/postgres';

/** What came to one dead-letter topic lately. */
export interface DeadLetterCount {
  topic: string;
  /** Whose newest dead letter it is; null where that is not known. */
  group: string | null;
  /** Who wrote it: the framework whose headers it carries. */
  dialect: string;
  newestAt: Date;
  /** How many came in each step since `from`, the oldest step first, by the time of the dead letter. */
  steps: { step: number; count: number }[];
}

/** What came to each dead-letter topic of a cluster in steps since a moment; topics without an indexed letter are left out. */
export async function countDeadLetters(
  store: Queryable,
  clusterId: number,
  from: Date,
  stepSeconds: number,
): Promise<DeadLetterCount[]> {
  const { rows } = await store.query<{
    topic: string;
    group_name: string | null;
    dialect: string;
    newest_at: Date;
    steps: { step: number; count: number }[] | null;
  }>({
    name: 'count-dead-letters',
    text: `SELECT t.name AS topic, g.name AS group_name, newest.dialect, newest.at AS newest_at, lately.steps
           FROM topic t
           CROSS JOIN LATERAL (
             SELECT group_id, dialect, at FROM dead_letter WHERE topic_id = t.id ORDER BY at DESC LIMIT 1
           ) newest
           LEFT JOIN consumer_group g ON g.id = newest.group_id
           CROSS JOIN LATERAL (
             SELECT json_agg(json_build_object('step', step, 'count', count)) AS steps FROM (
               SELECT floor(extract(epoch FROM at - $2::timestamptz) / $3)::int AS step, count(*)::int AS count
               FROM dead_letter WHERE topic_id = t.id AND at >= $2 GROUP BY 1
             ) counted
           ) lately
           WHERE t.cluster_id = $1 AND t.gone_at IS NULL`,
    values: [clusterId, from, stepSeconds],
  });
  return rows.map((row) => ({
    topic: row.topic,
    group: row.group_name,
    dialect: row.dialect,
    newestAt: row.newest_at,
    steps: row.steps ?? [],
  }));
}
