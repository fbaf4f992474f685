import type { Queryable } from '@/lib/postgres';

/** Topics and keys of messages, by message id; messages without a topic and those of other clusters are left out. */
export async function readTopics(
  store: Queryable,
  clusterId: number,
  ids: string[],
): Promise<Map<string, { id: number; name: string; key: string | null }>> {
  const { rows } = await store.query<{ id: string; topic_id: number; name: string; key: string | null }>({
    name: 'read-topics',
    text: `SELECT m.id, m.topic_id, t.name, m.key FROM message_read m JOIN topic t ON t.id = m.topic_id
     WHERE m.id = ANY($1) AND m.cluster_id = $2`,
    values: [ids, clusterId],
  });
  return new Map(rows.map((row) => [row.id, { id: row.topic_id, name: row.name, key: row.key }]));
}
