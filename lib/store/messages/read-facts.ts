import { sourceOf } from '@/lib/domain/workers/source';
import { prepared } from '../sql/prepared';
import type { Fact } from '@/lib/protocol/fact';
import type { Queryable } from '@/lib/postgres';

export interface StoredFact {
  fact: Fact;
  source: string;
  receivedAt: Date;
}

/** Maximum facts of one message in an answer. */
export const MAX_FACTS = 1_000;

/** All facts of one message in the order of their times. @param table name of the partition */
export async function readFacts(store: Queryable, table: string, messageId: string): Promise<StoredFact[]> {
  const { rows } = await store.query<{ body: string; source: string; received_at: Date }>({
    ...prepared('facts', table),
    text: `SELECT body, source, received_at FROM ${table} WHERE message_id = $1 ORDER BY at, fact_id LIMIT ${MAX_FACTS}`,
    values: [messageId],
  });
  return rows.map((row) => ({
    fact: JSON.parse(row.body) as Fact,
    source: sourceOf(row.source),
    receivedAt: row.received_at,
  }));
}

/** Whether the topic index has read the record of a message itself. @param table name of the partition */
export async function wasIndexed(store: Queryable, table: string, messageId: string): Promise<boolean> {
  const { rowCount } = await store.query({
    ...prepared('indexed', table),
    text: `SELECT 1 FROM ${table} WHERE message_id = $1 AND kind = 'indexed' LIMIT 1`,
    values: [messageId],
  });
  return rowCount === 1;
}
