import type { ItemReason, ItemState } from '@/lib/domain/retries/retry';
import type { Queryable } from '@/lib/postgres';

export interface StoredRetry {
  id: string;
  operator: string;
  reason: string | null;
  createdAt: Date;
  endedAt: Date | null;
  groups: string[];
  states: Partial<Record<ItemState, number>>;
  targets: string[];
}

/** Retries, newest first. @param by one of them, or those that run or ended, before an id */
export async function listRetries(
  store: Queryable,
  clusterId: number,
  by: { id: string } | { running: boolean; before: string | null; limit: number },
): Promise<StoredRetry[]> {
  const values: unknown[] = [clusterId];
  let where: string;
  let limit = '';
  if ('id' in by) {
    values.push(by.id);
    where = 'r.id = $2';
  } else {
    values.push(by.running, by.before, by.limit);
    where = "(r.state = 'RUNNING') = $2 AND ($3::uuid IS NULL OR r.id < $3)";
    limit = 'ORDER BY r.id DESC LIMIT $4';
  }
  const { rows } = await store.query<{
    id: string;
    operator_name: string;
    reason: string | null;
    created_at: Date;
    ended_at: Date | null;
    states: Partial<Record<ItemState, number>> | null;
    groups: string[] | null;
    targets: string[] | null;
  }>(
    `WITH chosen AS (SELECT r.* FROM retry r WHERE r.cluster_id = $1 AND r.kind = 'retry' AND ${where} ${limit})
     SELECT r.id, r.operator_name, r.reason, r.created_at, r.ended_at, i.states, i.groups, i.targets FROM chosen r
     LEFT JOIN LATERAL (
       SELECT jsonb_object_agg(s.state, s.count) AS states,
         (SELECT array_agg(DISTINCT g.name) FROM retry_item x JOIN consumer_group g ON g.id = x.group_id WHERE x.retry_id = r.id) AS groups,
         (SELECT array_agg(DISTINCT x.target_topic) FROM retry_item x WHERE x.retry_id = r.id AND x.state <> 'SKIPPED') AS targets
       FROM (SELECT state, count(*)::int AS count FROM retry_item WHERE retry_id = r.id GROUP BY state) s
     ) i ON true ORDER BY r.id DESC`,
    values,
  );
  return rows.map((row) => ({
    id: row.id,
    operator: row.operator_name,
    reason: row.reason,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    groups: row.groups ?? [],
    states: row.states ?? {},
    targets: row.targets ?? [],
  }));
}

/** How many items of a retry ended without an answer and were not closed by a person. */
export async function countUnanswered(store: Queryable, retryId: string): Promise<number> {
  const { rows } = await store.query<{ count: number }>({
    name: 'count-unanswered',
    text: "SELECT count(*)::int AS count FROM retry_item WHERE retry_id = $1 AND state = 'NO_ANSWER' AND reason IS NULL",
    values: [retryId],
  });
  return rows[0]?.count ?? 0;
}

/** Why items of a retry were skipped, and how many. */
export async function countSkipped(
  store: Queryable,
  retryId: string,
): Promise<{ reason: ItemReason; count: number }[]> {
  const { rows } = await store.query<{ reason: ItemReason; count: number }>({
    name: 'count-skipped',
    text: `SELECT reason, count(*)::int AS count FROM retry_item
     WHERE retry_id = $1 AND state = 'SKIPPED' AND reason IS NOT NULL GROUP BY reason ORDER BY 2 DESC`,
    values: [retryId],
  });
  return rows;
}

export interface ListedItem {
  id: string;
  messageId: string;
  group: string;
  state: ItemState;
  reason: ItemReason | null;
  type: string | null;
  key: string | null;
  errorType: string | null;
  errorMessage: string | null;
  host: string | null;
  release: string | null;
  sentAt: Date | null;
  targetTopic: string;
  sentPartition: number | null;
  sentOffset: string | null;
  endedAt: Date | null;
}

/** A page of a retry's items, in the order in which they were written. @param states that are wanted; none: all */
export async function listItems(
  store: Queryable,
  clusterId: number,
  retryId: string,
  states: ItemState[],
  after: string,
  limit: number,
): Promise<ListedItem[]> {
  const { rows } = await store.query<{
    id: string;
    message_id: string;
    group_name: string;
    state: ItemState;
    reason: ItemReason | null;
    type: string | null;
    key: string | null;
    error_type: string | null;
    error_message: string | null;
    host: string | null;
    release: string | null;
    sent_at: Date | null;
    target_topic: string;
    sent_partition: number | null;
    sent_offset: string | null;
    ended_at: Date | null;
  }>({
    name: 'list-items',
    text: `SELECT i.id, i.message_id, g.name AS group_name, i.state, i.reason, m.type, m.key, d.error_type, d.error_message,
       d.host, d.release, i.sent_at, i.target_topic, i.sent_partition, i.sent_offset, i.ended_at
     FROM retry_item i JOIN consumer_group g ON g.id = i.group_id 
     LEFT JOIN LATERAL (SELECT type, key FROM message_read WHERE id = i.message_id OFFSET 0) m ON true
     LEFT JOIN LATERAL (SELECT error_type, error_message, host, release FROM delivery_read
       WHERE message_id = i.message_id AND group_id = i.group_id OFFSET 0) d ON true
     WHERE i.retry_id = $1 AND i.cluster_id = $5 AND i.id > $2 AND (cardinality($3::text[]) = 0 OR i.state = ANY($3)) ORDER BY i.id LIMIT $4`,
    values: [retryId, after, states, limit, clusterId],
  });
  return rows.map((row) => ({
    id: row.id,
    messageId: row.message_id,
    group: row.group_name,
    state: row.state,
    reason: row.reason,
    type: row.type,
    key: row.key,
    errorType: row.error_type,
    errorMessage: row.error_message,
    host: row.host,
    release: row.release,
    sentAt: row.sent_at,
    targetTopic: row.target_topic,
    sentPartition: row.sent_partition,
    sentOffset: row.sent_offset,
    endedAt: row.ended_at,
  }));
}

/** Returns where the search for uncertain items of a retry starts: the topic, the first offset, and the time. */
export async function readDoubt(
  store: Queryable,
  retryId: string,
): Promise<{ topic: string; from: string; at: Date } | null> {
  const { rows } = await store.query<{ topic: string; from: string; at: Date }>({
    name: 'read-doubt',
    text: `SELECT i.target_topic AS topic, min(a.end_offset)::text AS "from", min(i.reconcile_at) AS at
     FROM retry_item i JOIN send_attempt a ON a.item_id = i.id
     WHERE i.retry_id = $1 AND i.state = 'UNCERTAIN' AND i.reconcile_at IS NOT NULL
     GROUP BY i.target_topic ORDER BY min(i.reconcile_at) LIMIT 1`,
    values: [retryId],
  });
  return rows[0] ?? null;
}
