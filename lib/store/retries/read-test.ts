import type { ItemReason, ItemState } from '@/lib/domain/retries/retry';
import type { Queryable } from '@/lib/postgres';

/** A message that a person published from the console. */
export interface StoredTest {
  topic: string;
  state: ItemState;
  reason: ItemReason | null;
  sends: number;
  sentPartition: number | null;
  sentOffset: string | null;
  /** What the broker answered to its newest send. */
  answer: string | null;
}

/** Reads a test message by its id; null where there is none on the cluster. */
export async function readTest(
  store: Queryable,
  clusterId: number,
  messageId: string,
): Promise<StoredTest | null> {
  const { rows } = await store.query<{
    target_topic: string;
    state: ItemState;
    reason: ItemReason | null;
    sends: number;
    sent_partition: number | null;
    sent_offset: string | null;
    detail: string | null;
  }>({
    name: 'read-test',
    text: `SELECT i.target_topic, i.state, i.reason, i.sends, i.sent_partition, i.sent_offset, a.detail
     FROM retry_item i LEFT JOIN send_attempt a ON a.item_id = i.id AND a.number = i.sends
     WHERE i.message_id = $2 AND i.cluster_id = $1 AND i.group_id IS NULL`,
    values: [clusterId, messageId],
  });
  const [row] = rows;
  return row
    ? {
        topic: row.target_topic,
        state: row.state,
        reason: row.reason,
        sends: row.sends,
        sentPartition: row.sent_partition,
        sentOffset: row.sent_offset,
        answer: row.detail,
      }
    : null;
}
