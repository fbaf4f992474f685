import type { Queryable } from '@/lib/postgres';

/** Deliveries that wait for longer than their subscription allows and are not marked yet, the oldest ids first. */
export async function findOverdue(
  store: Queryable,
  clusterId: number,
  now: Date,
  limit: number,
): Promise<{ messageId: string; group: string }[]> {
  const { rows } = await store.query<{ message_id: string; name: string }>({
    name: 'find-overdue',
    text: `SELECT d.message_id, g.name FROM (
             SELECT message_id, group_id, topic_id, first_at FROM delivery WHERE status = 'COMMITTED' AND overdue_at IS NULL
             UNION ALL
             SELECT o.message_id, o.group_id, m.topic_id, o.first_at FROM former_delivery o JOIN former_message m ON m.id = o.message_id
             WHERE o.status = 'COMMITTED' AND o.overdue_at IS NULL
           ) d
           JOIN consumer_group g ON g.id = d.group_id AND g.cluster_id = $1
           JOIN subscription s ON s.group_id = d.group_id AND s.topic_id = d.topic_id
           WHERE d.first_at < $2::timestamptz - make_interval(secs => s.deadline_seconds)
           ORDER BY d.message_id LIMIT $3`,
    values: [clusterId, now, limit],
  });
  return rows.map((row) => ({ messageId: row.message_id, group: row.name }));
}
