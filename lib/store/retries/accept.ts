import type { ItemReason, ItemState } from '@/lib/domain/retries/retry';
import { ACTIVE } from '@/lib/domain/retries/retry';
import type { Queryable } from '@/lib/postgres';

export interface NewRetry {
  id: string;
  clusterId: number;
  operatorId: number | null;
  operatorName: string;
  reason: string | null;
  selection: unknown;
  idempotencyKey: string | null;
  requestSha256: Buffer;
}

/**
 * Writes a retry. @returns the retry that was accepted before under the same key by the same operator, if there is one
 */
export async function insertRetry(
  store: Queryable,
  retry: NewRetry,
): Promise<{ id: string; requestSha256: Buffer } | null> {
  const { rowCount } = await store.query({
    name: 'insert-retry',
    text: `INSERT INTO retry (id, cluster_id, operator_id, operator_name, reason, selection, idempotency_key, request_sha256)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (operator_id, idempotency_key) DO NOTHING`,
    values: [
      retry.id,
      retry.clusterId,
      retry.operatorId,
      retry.operatorName,
      retry.reason,
      JSON.stringify(retry.selection),
      retry.idempotencyKey,
      retry.requestSha256,
    ],
  });
  if (rowCount === 1) return null;
  const { rows } = await store.query<{ id: string; request_sha256: Buffer }>({
    name: 'retry-by-key',
    text: 'SELECT id, request_sha256 FROM retry WHERE operator_id = $1 AND idempotency_key = $2',
    values: [retry.operatorId, retry.idempotencyKey],
  });
  return rows[0] ? { id: rows[0].id, requestSha256: rows[0].request_sha256 } : null;
}

export interface NewItem {
  retryId: string;
  clusterId: number;
  messageId: string;
  groupId: number;
  generation: number;
  courierRetryId: string;
  targetTopic: string;
  state: ItemState;
  reason: ItemReason | null;
}

/** Writes an item; where the delivery is claimed by another retry, as skipped. @returns the state it got */
export async function insertItem(store: Queryable, item: NewItem): Promise<ItemState> {
  const columns =
    'retry_id, cluster_id, message_id, group_id, generation, courier_retry_id, target_topic, state, reason, ended_at';
  const values = (state: ItemState, reason: ItemReason | null) => [
    item.retryId,
    item.clusterId,
    item.messageId,
    item.groupId,
    item.generation,
    item.courierRetryId,
    item.targetTopic,
    state,
    reason,
    ACTIVE.includes(state) ? null : new Date(),
  ];
  const text = `INSERT INTO retry_item (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;
  const { rowCount } = await store.query(`${text} ON CONFLICT DO NOTHING`, values(item.state, item.reason));
  if (rowCount === 1) return item.state;
  await store.query(text, values('SKIPPED', 'being_retried'));
  return 'SKIPPED';
}

/** The highest generation that any retry gave a delivery. */
export async function lastGeneration(store: Queryable, messageId: string, groupId: number): Promise<number> {
  const { rows } = await store.query<{ generation: number | null }>({
    name: 'last-generation',
    text: "SELECT max(generation) AS generation FROM retry_item WHERE message_id = $1 AND group_id = $2 AND state <> 'SKIPPED'",
    values: [messageId, groupId],
  });
  return rows[0]?.generation ?? 0;
}
