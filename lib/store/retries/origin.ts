import type { Queryable } from '@/lib/postgres';

/**
 * The topic a retried message was published to, who asked for the retry, whether the record keeps its time, and whether
 * this ledger issued a retry id.
 * @param retryId the id among the record's headers
 */
export async function readOrigin(
  store: Queryable,
  item: { messageId: string; retryId: string },
  retryId: string | null,
): Promise<{ topic: string; operatorId: number | null; keepsTime: boolean; isIssued: boolean }> {
  const { rows } = await store.query<{
    topic: string | null;
    operator_id: number | null;
    keeps_time: boolean;
    is_issued: boolean;
  }>({
    name: 'read-origin',
    text: `SELECT t.name AS topic, r.operator_id, r.keeps_time,
       EXISTS (SELECT 1 FROM retry_item i WHERE i.courier_retry_id = $3) AS is_issued
     FROM retry r
     LEFT JOIN (SELECT topic_id FROM message_read WHERE id = $1) m ON true LEFT JOIN topic t ON t.id = m.topic_id WHERE r.id = $2`,
    values: [item.messageId, item.retryId, retryId],
  });
  const [row] = rows;
  return {
    topic: row?.topic ?? '',
    operatorId: row?.operator_id ?? null,
    keepsTime: row?.keeps_time ?? false,
    isIssued: row?.is_issued ?? false,
  };
}
