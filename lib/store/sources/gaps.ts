import type { Queryable } from '@/lib/postgres';

export interface Gap {
  source: string;
  topic: string;
  partition: number;
  from: string;
  to: string;
  foundAt: Date;
}

/** What was lost before a source read it, newest first. @param topicId of one topic, or null for all of the cluster */
export async function readGaps(
  store: Queryable,
  clusterId: number,
  topicId: number | null,
  limit: number,
): Promise<Gap[]> {
  const { rows } = await store.query<{
    source: string;
    topic: string;
    partition: number;
    from_offset: string;
    to_offset: string;
    found_at: Date;
  }>({
    name: 'read-gaps',
    text: `SELECT p.source, t.name AS topic, p.partition, p.from_offset, p.to_offset, p.found_at
     FROM gap p JOIN topic t ON t.id = p.topic_id
     WHERE t.cluster_id = $1 AND ($2::int IS NULL OR p.topic_id = $2) ORDER BY p.id DESC LIMIT $3`,
    values: [clusterId, topicId, limit],
  });
  return rows.map((row) => ({
    source: row.source,
    topic: row.topic,
    partition: row.partition,
    from: row.from_offset,
    to: row.to_offset,
    foundAt: row.found_at,
  }));
}
