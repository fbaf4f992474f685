import type { SkipCommand } from '@/lib/protocol/fact';
import type { Queryable } from '@/lib/postgres';

export interface StoredSkip {
  id: string;
  topic: string;
  partition: number;
  offset: string;
  operatorName: string;
  reason: string | null;
  createdAt: Date;
  doneAt: Date | null;
  doneBy: string | null;
}

/** Writes a command to skip a record. */
export async function insertSkip(
  store: Queryable,
  clusterId: number,
  groupId: number,
  skip: Pick<StoredSkip, 'id' | 'partition' | 'offset' | 'operatorName' | 'reason'> & { topicId: number },
): Promise<void> {
  await store.query(
    `INSERT INTO skip_command (id, cluster_id, group_id, topic_id, partition, "offset", operator_name, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [skip.id, clusterId, groupId, skip.topicId, skip.partition, skip.offset, skip.operatorName, skip.reason],
  );
}

/** The last commands of a group, the newest first. */
export async function readSkips(store: Queryable, groupId: number, limit: number): Promise<StoredSkip[]> {
  const { rows } = await store.query<{
    id: string;
    topic: string;
    partition: number;
    offset: string;
    operator_name: string;
    reason: string | null;
    created_at: Date;
    done_at: Date | null;
    done_by: string | null;
  }>({
    name: 'skips-of-group',
    text: `SELECT s.*, t.name AS topic FROM skip_command s JOIN topic t ON t.id = s.topic_id
           WHERE s.group_id = $1 ORDER BY s.created_at DESC LIMIT $2`,
    values: [groupId, limit],
  });
  return rows.map((row) => ({
    id: row.id,
    topic: row.topic,
    partition: row.partition,
    offset: row.offset,
    operatorName: row.operator_name,
    reason: row.reason,
    createdAt: row.created_at,
    doneAt: row.done_at,
    doneBy: row.done_by,
  }));
}

/** Commands that a member of one of the groups may still carry out. */
export async function openSkips(store: Queryable, groupIds: number[], since: Date): Promise<SkipCommand[]> {
  const { rows } = await store.query<SkipCommand>({
    name: 'open-skips',
    text: `SELECT s.id, 'skip' AS kind, g.name AS group, t.name AS topic, s.partition, s."offset"::text AS offset,
             s.operator_name AS by, s.reason
           FROM skip_command s JOIN consumer_group g ON g.id = s.group_id JOIN topic t ON t.id = s.topic_id
           WHERE s.group_id = ANY($1) AND s.created_at > $2 AND s.done_at IS NULL ORDER BY s.created_at`,
    values: [groupIds, since],
  });
  return rows;
}

/** Marks commands of groups as carried out. @param by the instance */
export async function endSkips(
  store: Queryable,
  groupIds: number[],
  ids: readonly string[],
  by: string,
): Promise<void> {
  await store.query(
    `UPDATE skip_command SET done_at = now(), done_by = $3
     WHERE id = ANY($1::uuid[]) AND group_id = ANY($2) AND done_at IS NULL`,
    [ids, groupIds, by],
  );
}

/** Whether an instance of the SDK that is a member of the group had a heartbeat since a moment. */
export async function hasLiveInstance(
  store: Queryable,
  clusterId: number,
  group: string,
  since: Date,
): Promise<boolean> {
  const { rows } = await store.query<{ is_live: boolean }>({
    name: 'has-live-instance',
    text: `SELECT EXISTS (SELECT 1 FROM instance WHERE cluster_id = $1 AND $2 = ANY(groups) AND last_seen_at > $3) AS is_live`,
    values: [clusterId, group, since],
  });
  return rows[0]?.is_live === true;
}
