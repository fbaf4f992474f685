import type { Queryable } from '@/lib/postgres';

export interface NotSent {
  service: string | null;
  topic: string | null;
  error: string | null;
  messages: number;
  firstAt: Date;
  lastAt: Date;
}

/** Messages that the broker does not have, by sender, topic and error. */
export async function readNotSent(store: Queryable, clusterId: number, limit: number): Promise<NotSent[]> {
  const { rows } = await store.query<{
    service: string | null;
    topic: string | null;
    error: string | null;
    messages: number;
    first_at: Date;
    last_at: Date;
  }>({
    name: 'read-not-sent',
    text: `SELECT m.service, t.name AS topic, m.send_error_type AS error, count(*)::int AS messages,
       min(m.first_at) AS first_at, max(m.send_failed_at) AS last_at
     FROM message m LEFT JOIN topic t ON t.id = m.topic_id
     WHERE m.cluster_id = $1 AND m.status = 'SEND_FAIL' GROUP BY 1, 2, 3 ORDER BY max(m.send_failed_at) DESC LIMIT $2`,
    values: [clusterId, limit],
  });
  return rows.map((row) => ({
    service: row.service,
    topic: row.topic,
    error: row.error,
    messages: row.messages,
    firstAt: row.first_at,
    lastAt: row.last_at,
  }));
}
