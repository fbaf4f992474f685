import { prepared } from '../sql/prepared';
import { noMembersSince } from './no-members-since';
import type { Queryable } from '@/lib/postgres';

/** The position of a group on a partition, and its members. */
export interface Reader {
  group: string;
  /** Whether its services report outcomes. */
  reports: boolean;
  topic: string;
  partition: number;
  committed: bigint;
  rateOut: number | null;
  /** null: not known. */
  members: number | null;
  noMembersSince: Date | null;
  /** Since when its services have subscribed to the topic, and to which types (null: to all). */
  subscribedSince: Date | null;
  types: string[] | null;
}

/**
 * Returns the groups that read the partitions of a message, as they were last measured. A position that is not measured
 * any more does not count.
 * @param name of the relations of the message's day
 */
export async function readReaders(
  store: Queryable,
  clusterId: number,
  name: (relation: 'message_read' | 'fact_read') => string,
  messageId: string,
): Promise<Reader[]> {
  const { rows } = await store.query<{
    name: string;
    reports: boolean;
    topic: string;
    partition: number;
    committed: string;
    rate_out: number | null;
    members: number | null;
    no_members_since: Date | null;
    began_at: Date | null;
    types: string[] | null;
  }>({
    ...prepared('readers', name('fact_read')),
    text: `SELECT g.name, g.reports, t.name AS topic, l.partition, l.committed, l.rate_out,
             jsonb_array_length(n.members) AS members, ${noMembersSince('n')} AS no_members_since, s.began_at, s.types
           FROM (SELECT topic_id, partition FROM ${name('fact_read')} WHERE message_id = $2 AND partition IS NOT NULL
                 UNION SELECT topic_id, partition FROM ${name('message_read')} WHERE id = $2 AND partition IS NOT NULL) p
             JOIN lag_now l ON l.topic_id = p.topic_id AND l.partition = p.partition
             JOIN topic t ON t.id = l.topic_id JOIN consumer_group g ON g.id = l.group_id
             JOIN group_now n ON n.group_id = l.group_id
             LEFT JOIN subscription s ON s.group_id = l.group_id AND s.topic_id = l.topic_id
           WHERE t.cluster_id = $1 AND l.committed IS NOT NULL AND l.sampled_at = n.sampled_at
           ORDER BY g.name, t.name, l.partition`,
    values: [clusterId, messageId],
  });
  return rows.map((row) => ({
    group: row.name,
    reports: row.reports,
    topic: row.topic,
    partition: row.partition,
    committed: BigInt(row.committed),
    rateOut: row.rate_out,
    members: row.members,
    noMembersSince: row.no_members_since,
    subscribedSince: row.began_at,
    types: row.types,
  }));
}

/** Groups whose positions on a topic were ever measured and are kept, with when that was last, the newest first. */
export async function readMeasuredGroups(
  store: Queryable,
  clusterId: number,
  topicId: number,
): Promise<{ group: string; at: Date }[]> {
  const { rows } = await store.query<{ name: string; at: Date }>({
    name: 'measured-groups',
    // One index lookup at the end of each group's series: no index has the series of one topic together.
    text: `SELECT g.name, m.at FROM consumer_group g, LATERAL (
             SELECT greatest(
               (SELECT max(sampled_at) FROM lag_now WHERE group_id = g.id AND topic_id = $2),
               (SELECT max(start_at) FROM lag_chunk WHERE group_id = g.id AND topic_id = $2),
               (SELECT max(start_at) FROM lag_rollup WHERE group_id = g.id AND topic_id = $2)) AS at) m
           WHERE g.cluster_id = $1 AND m.at IS NOT NULL ORDER BY m.at DESC, g.name`,
    values: [clusterId, topicId],
  });
  return rows.map((row) => ({ group: row.name, at: row.at }));
}
