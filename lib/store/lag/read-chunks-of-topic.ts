import type { Queryable } from '@/lib/postgres';

/** Chunks of groups on one topic from a moment on, oldest first. */
export async function readChunksOfTopic(
  store: Queryable,
  groups: readonly string[],
  clusterId: number,
  topicId: number,
  from: Date,
  limit: number,
): Promise<{ group: string; startAt: Date; data: Uint8Array }[]> {
  const { rows } = await store.query<{ name: string; start_at: Date; data: Buffer }>({
    name: 'chunks-of-topic',
    text: `SELECT g.name, c.start_at, c.data FROM consumer_group g CROSS JOIN LATERAL (
             SELECT start_at, data FROM lag_chunk WHERE group_id = g.id AND topic_id = $3 AND start_at >= $4
             ORDER BY start_at LIMIT $5) c
           WHERE g.cluster_id = $2 AND g.name = ANY($1) ORDER BY g.name, c.start_at`,
    values: [groups, clusterId, topicId, from, limit],
  });
  return rows.map((row) => ({ group: row.name, startAt: row.start_at, data: row.data }));
}
