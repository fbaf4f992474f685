import type { Queryable } from '@/lib/postgres';

/** A group that reads a topic, and whether it can be reached alone. */
export interface RetryTarget {
  groupId: number;
  group: string;
  retryTopic: string | null;
  retryReady: boolean;
}

/**
 * Groups that read a topic: those that are subscribed, those that had a position on it when they were measured last,
 * however long ago that is, and those with a member that holds one of its partitions, also where it keeps its positions
 * elsewhere. Readers without a group are not known.
 */
export async function readTargets(
  store: Queryable,
  clusterId: number,
  topicId: number | null,
  topic: string,
): Promise<RetryTarget[]> {
  const { rows } = await store.query<{
    group_id: number;
    name: string;
    retry_topic: string | null;
    retry_ready: boolean | null;
  }>({
    name: 'read-targets',
    text: `SELECT g.id AS group_id, g.name, s.retry_topic, s.retry_ready FROM consumer_group g
     LEFT JOIN subscription s ON s.group_id = g.id AND s.topic_id = $2
     WHERE g.cluster_id = $1 AND (s.group_id IS NOT NULL OR EXISTS (
       SELECT 1 FROM lag_now l JOIN group_now n ON n.group_id = l.group_id
       WHERE l.group_id = g.id AND l.topic_id = $2 AND l.sampled_at > n.sampled_at - interval '1 hour')
       OR EXISTS (SELECT 1 FROM group_now n WHERE n.group_id = g.id AND n.members @> $3::jsonb))
     ORDER BY g.name`,
    values: [clusterId, topicId, JSON.stringify([{ assignment: [{ topic }] }])],
  });
  return rows.map((row) => ({
    groupId: row.group_id,
    group: row.name,
    retryTopic: row.retry_topic,
    retryReady: row.retry_ready ?? false,
  }));
}
