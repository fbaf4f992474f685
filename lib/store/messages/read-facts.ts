import { sourceOf } from '@/lib/domain/workers/source';
import type { Fact } from '@/lib/protocol/fact';
import type { Queryable } from '@/lib/postgres';
import { FACT_COLUMNS, FACT_NAMES, sourceOfRow, unpackFact, type FactSqlRow } from '../facts/pack-fact';
import { prepared } from '../sql/prepared';

export interface StoredFact {
  fact: Fact;
  source: string;
  receivedAt: Date;
}

/** Maximum facts of one message in an answer. */
export const MAX_FACTS = 1_000;

/** Facts of one message that are rows of their own, in the order of their times. @param table the day's `fact_read` */
export async function readFacts(store: Queryable, table: string, messageId: string): Promise<StoredFact[]> {
  const { rows } = await store.query<FactSqlRow>({
    ...prepared('facts', table),
    text: `SELECT ${FACT_COLUMNS} FROM ${table} f ${FACT_NAMES} WHERE f.message_id = $1 ORDER BY f.at, f.fact_id LIMIT ${MAX_FACTS}`,
    values: [messageId],
  });
  return rows.map((row) => ({
    fact: unpackFact(row),
    source: sourceOf(sourceOfRow(row)),
    receivedAt: row.received_at,
  }));
}
