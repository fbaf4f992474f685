import type { Queryable } from '@/lib/postgres';

export interface DeadLetterRow {
  topicId: number;
  partition: number;
  offset: bigint;
  messageId: string;
  groupId: number | null;
  dialect: string;
  at: Date;
}

/**
 * Writes the position of a dead letter; known ones stay unchanged. If the position belonged to another message before, the
 * topic was deleted and created again, which is how some empty it. The older record is gone; its facts remain.
 */
export async function recordDeadLetter(store: Queryable, row: DeadLetterRow): Promise<void> {
  await store.query({
    name: 'record-dead-letter',
    text: `INSERT INTO dead_letter (topic_id, partition, "offset", message_id, group_id, dialect, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (topic_id, partition, "offset") DO UPDATE
             SET message_id = EXCLUDED.message_id, group_id = EXCLUDED.group_id, dialect = EXCLUDED.dialect, at = EXCLUDED.at
             WHERE dead_letter.message_id <> EXCLUDED.message_id`,
    values: [
      row.topicId,
      row.partition,
      row.offset.toString(),
      row.messageId,
      row.groupId,
      row.dialect,
      row.at,
    ],
  });
}
