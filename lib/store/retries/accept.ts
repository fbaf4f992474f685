import type { ItemReason, ItemState } from '@/lib/domain/retries/retry';
import { ACTIVE } from '@/lib/domain/retries/retry';
import type { Queryable } from '@/lib/postgres';
import { insertItemBody, type ItemBody } from './item-body';

export interface NewRetry {
  id: string;
  kind: 'retry' | 'test';
  clusterId: number;
  operatorId: number | null;
  operatorName: string;
  reason: string | null;
  selection: unknown;
  idempotencyKey: string | null;
  requestSha256: Buffer | null;
  /** Whether records are sent with the time that they had. */
  keepsTime?: boolean;
}

/**
 * Writes a retry.
 * @returns null, or the retry that the same operator created before with the same idempotency key
 */
export async function insertRetry(
  store: Queryable,
  retry: NewRetry,
): Promise<{ id: string; requestSha256: Buffer } | null> {
  const { rowCount } = await store.query({
    name: 'insert-retry',
    text: `INSERT INTO retry (id, cluster_id, operator_id, operator_name, reason, selection, idempotency_key, request_sha256, kind, keeps_time)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (operator_id, idempotency_key) DO NOTHING`,
    values: [
      retry.id,
      retry.clusterId,
      retry.operatorId,
      retry.operatorName,
      retry.reason,
      JSON.stringify(retry.selection),
      retry.idempotencyKey,
      retry.requestSha256,
      retry.kind,
      retry.keepsTime ?? false,
    ],
  });
  return rowCount === 1 ? null : findRetryByKey(store, retry.operatorId, retry.idempotencyKey);
}

/** The retry that an operator created with an idempotency key; null where there is none. */
export async function findRetryByKey(
  store: Queryable,
  operatorId: number | null,
  idempotencyKey: string | null,
): Promise<{ id: string; requestSha256: Buffer } | null> {
  const { rows } = await store.query<{ id: string; request_sha256: Buffer }>({
    name: 'retry-by-key',
    text: 'SELECT id, request_sha256 FROM retry WHERE operator_id = $1 AND idempotency_key = $2',
    values: [operatorId, idempotencyKey],
  });
  return rows[0] ? { id: rows[0].id, requestSha256: rows[0].request_sha256 } : null;
}

export interface NewItem {
  retryId: string;
  clusterId: number;
  messageId: string;
  /** null: the record is for every reader of the target topic. */
  groupId: number | null;
  generation: number;
  courierRetryId: string;
  targetTopic: string;
  /** null: derived from the key. */
  targetPartition: number | null;
  state: ItemState;
  reason: ItemReason | null;
  /** The record, if it is not on a topic yet. */
  body: ItemBody | null;
}

/** Writes an item. If an active item has the same message and target, it is written as skipped. @returns its state */
export async function insertItem(store: Queryable, item: NewItem): Promise<ItemState> {
  const values = (state: ItemState, reason: ItemReason | null) => [
    item.retryId,
    item.clusterId,
    item.messageId,
    item.groupId,
    item.generation,
    item.courierRetryId,
    item.targetTopic,
    item.targetPartition,
    state,
    reason,
    ACTIVE.includes(state) ? null : new Date(),
  ];
  const text = `INSERT INTO retry_item (retry_id, cluster_id, message_id, group_id, generation, courier_retry_id,
    target_topic, target_partition, state, reason, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;
  const { rows } = await store.query<{ id: string }>(
    `${text} ON CONFLICT DO NOTHING RETURNING id`,
    values(item.state, item.reason),
  );
  const [inserted] = rows;
  if (!inserted) {
    await store.query(text, values('SKIPPED', 'being_retried'));
    return 'SKIPPED';
  }
  if (item.body) await insertItemBody(store, inserted.id, item.body);
  return item.state;
}
