import type { Queryable } from '@/lib/postgres';

/** Retry topics that were approved for groups of a cluster, as group and topic. */
export async function readApprovedRetryTopics(
  store: Queryable,
  clusterId: number,
  groups: readonly string[],
): Promise<{ group: string; topic: string }[]> {
  const { rows } = await store.query<{ group: string; topic: string }>({
    name: 'read-approved-retry-topics',
    text: `SELECT g.name AS "group", a.topic FROM approved_retry_topic a JOIN consumer_group g ON g.id = a.group_id
     WHERE g.cluster_id = $1 AND g.name = ANY($2)`,
    values: [clusterId, groups],
  });
  return rows;
}

/** Approves a retry topic for a group. @returns whether there is such a group */
export async function approveRetryTopic(
  store: Queryable,
  clusterId: number,
  group: string,
  topic: string,
  approvedBy: string,
): Promise<boolean> {
  const { rowCount } = await store.query({
    name: 'approve-retry-topic',
    text: `INSERT INTO approved_retry_topic (group_id, topic, approved_by)
     SELECT id, $3, $4 FROM consumer_group WHERE cluster_id = $1 AND name = $2
     ON CONFLICT (group_id, topic) DO UPDATE SET approved_by = excluded.approved_by, approved_at = now()`,
    values: [clusterId, group, topic, approvedBy],
  });
  return rowCount === 1;
}
