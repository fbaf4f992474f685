import { noMembersSince } from '../lag/no-members-since';
import type { Queryable } from '@/lib/postgres';

/** Whether anybody reads a topic, as it was last measured. */
export interface TopicReaders {
  topic: string;
  /** Members of groups that have a position on it; null if unknown. */
  members: number | null;
  /** Since when none of these groups has members; null where one has, or it is not known. */
  since: Date | null;
}

/** Readers of topics. A topic without positions of groups is left out. */
export async function readTopicReaders(
  store: Queryable,
  clusterId: number,
  topics: readonly string[],
): Promise<TopicReaders[]> {
  const { rows } = await store.query<TopicReaders>({
    name: 'read-topic-readers',
    text: `SELECT t.name AS topic,
       CASE WHEN bool_or(n.members IS NULL) THEN NULL ELSE sum(jsonb_array_length(n.members))::int END AS members,
       max(${noMembersSince('n')}) AS since
     FROM (SELECT DISTINCT group_id, topic_id FROM lag_now) l
     JOIN topic t ON t.id = l.topic_id JOIN group_now n ON n.group_id = l.group_id
     WHERE t.cluster_id = $1 AND t.name = ANY($2) GROUP BY t.name`,
    values: [clusterId, topics],
  });
  return rows;
}
