import type { Queryable } from '@/lib/postgres';

/** Unread records of one partition that left the log. */
export interface StoredLoss {
  id: string;
  groupId: number;
  topic: string;
  partition: number;
  /** First offset that was lost, and the one after the last. */
  from: bigint;
  to: bigint;
  seenAt: Date;
  isCertain: boolean;
}

/** Unacknowledged losses of a cluster, the newest first. */
export async function readLosses(
  store: Queryable,
  clusterId: number,
  groupId: number | null = null,
): Promise<StoredLoss[]> {
  const { rows } = await store.query<{
    id: string;
    group_id: number;
    topic: string;
    partition: number;
    from_offset: string;
    to_offset: string;
    seen_at: Date;
    is_certain: boolean;
  }>({
    name: 'open-losses',
    text: `SELECT l.id, l.group_id, t.name AS topic, l.partition, l.from_offset, l.to_offset, l.seen_at, l.is_certain
           FROM group_loss l JOIN consumer_group g ON g.id = l.group_id JOIN topic t ON t.id = l.topic_id
           WHERE l.acknowledged_at IS NULL AND g.cluster_id = $1 AND ($2::int IS NULL OR l.group_id = $2)
           ORDER BY l.seen_at DESC, l.id DESC`,
    values: [clusterId, groupId],
  });
  return rows.map((row) => ({
    id: row.id,
    groupId: row.group_id,
    topic: row.topic,
    partition: row.partition,
    from: BigInt(row.from_offset),
    to: BigInt(row.to_offset),
    seenAt: row.seen_at,
    isCertain: row.is_certain,
  }));
}

/** Acknowledges the losses of a group that were seen up to a moment. @returns how many */
export async function acknowledgeLosses(
  store: Queryable,
  groupId: number,
  upTo: Date,
  by: string,
): Promise<number> {
  const { rowCount } = await store.query(
    `UPDATE group_loss SET acknowledged_at = now(), acknowledged_by = $3
     WHERE group_id = $1 AND seen_at <= $2 AND acknowledged_at IS NULL`,
    [groupId, upTo, by],
  );
  await store.query(
    `UPDATE episode SET acknowledged_at = now(), acknowledged_by = $3
     WHERE group_id = $1 AND kind = 'data_loss' AND began <= $2 AND acknowledged_at IS NULL`,
    [groupId, upTo, by],
  );
  return rowCount ?? 0;
}
