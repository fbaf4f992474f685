import type { ItemReason, ItemState } from '@/lib/domain/retries/retry';
import type { Queryable } from '@/lib/postgres';

export interface RetryItem {
  id: string;
  retryId: string;
  messageId: string;
  /** null: the item is for every reader of the target topic. */
  groupId: number | null;
  group: string | null;
  generation: number;
  courierRetryId: string;
  targetTopic: string;
  /** null: by the key. */
  targetPartition: number | null;
  state: ItemState;
  reason: ItemReason | null;
  sends: number;
  fence: string;
  sentAt: Date | null;
  sentPartition: number | null;
  sentOffset: string | null;
  copies: number;
  dueAt: Date;
  reconcileAt: Date | null;
  endedAt: Date | null;
  createdAt: Date;
}

export interface ItemSqlRow {
  id: string;
  retry_id: string;
  message_id: string;
  group_id: number | null;
  group_name: string | null;
  generation: number;
  courier_retry_id: string;
  target_topic: string;
  target_partition: number | null;
  state: ItemState;
  reason: ItemReason | null;
  sends: number;
  fence: string;
  sent_at: Date | null;
  sent_partition: number | null;
  sent_offset: string | null;
  copies: number;
  due_at: Date;
  reconcile_at: Date | null;
  ended_at: Date | null;
  created_at: Date;
}

export function itemOf(row: ItemSqlRow): RetryItem {
  return {
    id: row.id,
    retryId: row.retry_id,
    messageId: row.message_id,
    groupId: row.group_id,
    group: row.group_name,
    generation: row.generation,
    courierRetryId: row.courier_retry_id,
    targetTopic: row.target_topic,
    targetPartition: row.target_partition,
    state: row.state,
    reason: row.reason,
    sends: row.sends,
    fence: row.fence,
    sentAt: row.sent_at,
    sentPartition: row.sent_partition,
    sentOffset: row.sent_offset,
    copies: row.copies,
    dueAt: row.due_at,
    reconcileAt: row.reconcile_at,
    endedAt: row.ended_at,
    createdAt: row.created_at,
  };
}

/** An item of a retry, with who asked for it. */
export interface AskedItem extends RetryItem {
  groupId: number;
  group: string;
  operator: string;
  why: string | null;
}

/** Items of a retry, or of a message over all retries, oldest first. */
export async function readItems(
  store: Queryable,
  by: { retryId: string } | { messageId: string },
): Promise<AskedItem[]> {
  const [column, value] = 'retryId' in by ? ['retry_id', by.retryId] : ['message_id', by.messageId];
  const { rows } = await store.query<
    ItemSqlRow & { group_id: number; group_name: string; operator_name: string; why: string | null }
  >({
    name: `retry items by ${column}`,
    text: `SELECT i.*, g.name AS group_name, r.operator_name, r.reason AS why FROM retry_item i
           JOIN consumer_group g ON g.id = i.group_id JOIN retry r ON r.id = i.retry_id
           WHERE i.${column} = $1 ORDER BY i.id LIMIT 1000`,
    values: [value],
  });
  return rows.map((row) => ({
    ...itemOf(row),
    groupId: row.group_id,
    group: row.group_name,
    operator: row.operator_name,
    why: row.why,
  }));
}

export interface SendAttempt {
  itemId: string;
  number: number;
  startedAt: Date;
  endedAt: Date | null;
  targetTopic: string;
  targetPartition: number;
  endOffset: string;
  possibleDuplicate: boolean;
  result: string | null;
  detail: string | null;
}

/** Sends of items, in order. */
export async function readAttempts(store: Queryable, itemIds: string[]): Promise<SendAttempt[]> {
  const { rows } = await store.query<{
    item_id: string;
    number: number;
    started_at: Date;
    ended_at: Date | null;
    target_topic: string;
    target_partition: number;
    end_offset: string;
    possible_duplicate: boolean;
    result: string | null;
    detail: string | null;
  }>({
    name: 'read-attempts',
    text: 'SELECT * FROM send_attempt WHERE item_id = ANY($1) ORDER BY item_id, number',
    values: [itemIds],
  });
  return rows.map((row) => ({
    itemId: row.item_id,
    number: row.number,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    targetTopic: row.target_topic,
    targetPartition: row.target_partition,
    endOffset: row.end_offset,
    possibleDuplicate: row.possible_duplicate,
    result: row.result,
    detail: row.detail,
  }));
}
