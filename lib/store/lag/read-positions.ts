import type { Queryable } from '@/lib/postgres';

/** The position of a group on a partition, as of its last sample. */
export interface StoredPosition {
  group: string;
  topicId: number;
  partition: number;
  committed: bigint;
}

/** Positions of all groups on partitions. */
export async function readPositions(
  store: Queryable,
  places: readonly { topicId: number; partition: number }[],
): Promise<StoredPosition[]> {
  const { rows } = await store.query<{
    name: string;
    topic_id: number;
    partition: number;
    committed: string;
  }>({
    name: 'positions-on',
    text: `SELECT g.name, l.topic_id, l.partition, l.committed
           FROM (SELECT DISTINCT topic_id, partition FROM unnest($1::int[], $2::int[]) AS p (topic_id, partition)) p
             JOIN lag_now l ON l.topic_id = p.topic_id AND l.partition = p.partition
             JOIN group_now n ON n.group_id = l.group_id AND n.sampled_at = l.sampled_at
             JOIN consumer_group g ON g.id = l.group_id
           WHERE l.committed IS NOT NULL`,
    values: [places.map(({ topicId }) => topicId), places.map(({ partition }) => partition)],
  });
  return rows.map((row) => ({
    group: row.name,
    topicId: row.topic_id,
    partition: row.partition,
    committed: BigInt(row.committed),
  }));
}
