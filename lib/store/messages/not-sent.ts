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
    text: `SELECT m.service, t.name AS topic, m.error, count(*)::int AS messages,
       min(m.first_at) AS first_at, max(m.send_failed_at) AS last_at
     FROM (
       SELECT m.cluster_id, m.topic_id, m.first_at, m.send_failed_at, f.error_type AS error,
         nullif(CASE WHEN s.is_overflow THEN m.rest::json->'names'->>'service' ELSE s.service END, '') AS service
       FROM message m JOIN shape s ON s.id = m.shape_id LEFT JOIN send_failure f ON f.message_id = m.id
       WHERE m.send_failed_at IS NOT NULL AND m.committed_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message_id = m.id)
       UNION ALL
       SELECT m.cluster_id, m.topic_id, m.first_at, m.send_failed_at, m.send_error_type, m.service
       FROM former_message m WHERE m.status = 'SEND_FAIL'
     ) m LEFT JOIN topic t ON t.id = m.topic_id
     WHERE m.cluster_id = $1 GROUP BY 1, 2, 3 ORDER BY max(m.send_failed_at) DESC LIMIT $2`,
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
