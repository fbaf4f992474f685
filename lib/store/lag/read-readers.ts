import type { Queryable } from '@/lib/postgres';

/** Where a group stands on a partition, and whether anybody reads for it. */
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
  /** Since when its services say that they take messages of the topic, and of which types (null: of all). */
  subscribedSince: Date | null;
  types: string[] | null;
}

/**
 * Groups that read the partitions on which a message stands, as they were last measured; a position that is not measured
 * any more is none.
 * @param table name of the partition of the message's facts
 */
export async function readReaders(
  store: Queryable,
  clusterId: number,
  table: string,
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
    name: `readers ${table}`,
    text: `SELECT g.name, g.reports, t.name AS topic, l.partition, l.committed, l.rate_out,
             jsonb_array_length(n.members) AS members, n.no_members_since, s.began_at, s.types
           FROM (SELECT DISTINCT topic_id, partition FROM ${table} WHERE message_id = $2 AND partition IS NOT NULL) p
             JOIN lag_now l ON l.topic_id = p.topic_id AND l.partition = p.partition
             JOIN topic t ON t.id = l.topic_id JOIN consumer_group g ON g.id = l.group_id
             JOIN group_now n ON n.group_id = l.group_id
             LEFT JOIN subscription s ON s.group_id = l.group_id AND s.topic_id = l.topic_id
           WHERE t.cluster_id = $1 AND l.committed IS NOT NULL AND l.sampled_at > n.sampled_at - interval '1 hour'
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
