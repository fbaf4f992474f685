import type { Queryable } from '@/lib/postgres';

/** The topic a retried message was published to, and who asked for the retry. */
export async function readOrigin(
  store: Queryable,
  item: { messageId: string; retryId: string },
): Promise<{ topic: string; operatorId: number | null }> {
  const { rows } = await store.query<{ topic: string | null; operator_id: number | null }>({
    name: 'read-origin',
    text: `SELECT t.name AS topic, r.operator_id FROM retry r
     LEFT JOIN message m ON m.id = $1 LEFT JOIN topic t ON t.id = m.topic_id WHERE r.id = $2`,
    values: [item.messageId, item.retryId],
  });
  return { topic: rows[0]?.topic ?? '', operatorId: rows[0]?.operator_id ?? null };
}
