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
    text: `SELECT d.message_id, g.name FROM delivery d
           JOIN consumer_group g ON g.id = d.group_id AND g.cluster_id = $1
           JOIN message m ON m.id = d.message_id
           JOIN subscription s ON s.group_id = d.group_id AND s.topic_id = m.topic_id
           WHERE d.status = 'COMMITTED' AND d.overdue_at IS NULL
             AND d.first_at < $2::timestamptz - make_interval(secs => s.deadline_seconds)
           ORDER BY d.message_id LIMIT $3`,
    values: [clusterId, now, limit],
  });
  return rows.map((row) => ({ messageId: row.message_id, group: row.name }));
}
