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
}

/** Groups that read any of some partitions, as they were last measured; a position that is not measured any more is none. */
export async function readReaders(
  store: Queryable,
  clusterId: number,
  topics: string[],
  partitions: number[],
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
  }>({
    name: 'readers',
    text: `SELECT g.name, g.reports, t.name AS topic, l.partition, l.committed, l.rate_out,
             jsonb_array_length(n.members) AS members, n.no_members_since
           FROM topic t JOIN lag_now l ON l.topic_id = t.id JOIN consumer_group g ON g.id = l.group_id
             JOIN group_now n ON n.group_id = l.group_id
           WHERE t.cluster_id = $1 AND t.name = ANY($2) AND l.partition = ANY($3) AND l.committed IS NOT NULL
             AND l.sampled_at > n.sampled_at - interval '1 hour'
           ORDER BY g.name, t.name, l.partition`,
    values: [clusterId, topics, partitions],
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
  }));
}
