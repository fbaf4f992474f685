import { copyRows, encodeRows, isRepeatedKey } from '@/lib/store/binary-copy';
import type { Column } from '@/lib/store/rows';
import type { PoolClient } from '@/lib/postgres';

/** One row of `fact`, ready to be written. */
export interface FactRow {
  messageId: string;
  factId: string;
  clusterId: number;
  kind: string;
  source: string;
  groupId: number | null;
  at: Date;
  receivedAt: Date;
  generation: number;
  topicId: number | null;
  partition: number | null;
  offset: bigint | null;
  body: string;
}

const COLUMNS: Column<FactRow>[] = [
  { name: 'message_id', type: 'uuid', of: (row) => row.messageId },
  { name: 'fact_id', type: 'uuid', of: (row) => row.factId },
  { name: 'cluster_id', type: 'smallint', of: (row) => row.clusterId },
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'source', type: 'text', of: (row) => row.source },
  { name: 'group_id', type: 'int', of: (row) => row.groupId },
  { name: 'at', type: 'timestamptz', of: (row) => row.at },
  { name: 'received_at', type: 'timestamptz', of: (row) => row.receivedAt },
  { name: 'generation', type: 'int', of: (row) => row.generation },
  { name: 'topic_id', type: 'int', of: (row) => row.topicId },
  { name: 'partition', type: 'int', of: (row) => row.partition },
  { name: '"offset"', type: 'bigint', of: (row) => row.offset },
  { name: 'body', type: 'text', of: (row) => row.body },
];
const NAMES = COLUMNS.map((column) => column.name).join(', ');

/**
 * Adds rows to `fact` and says which were not there before. The quick way is a binary COPY under a savepoint; when a
 * key repeats, the batch goes through a temporary table instead, which tells the new rows from the known ones.
 */
export async function addFacts(client: PoolClient, rows: FactRow[]): Promise<FactRow[]> {
  if (rows.length === 0) return [];
  const bytes = encodeRows(COLUMNS, rows);
  await client.query('SAVEPOINT add_facts');
  try {
    await copyRows(client, 'fact', COLUMNS, bytes);
    await client.query('RELEASE SAVEPOINT add_facts');
    return rows;
  } catch (error) {
    if (!isRepeatedKey(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT add_facts');
  }
  await client.query('CREATE TEMP TABLE IF NOT EXISTS fact_batch (LIKE fact) ON COMMIT DELETE ROWS');
  await client.query('TRUNCATE fact_batch');
  await copyRows(client, 'fact_batch', COLUMNS, bytes);
  const { rows: added } = await client.query<{ fact_id: string }>(
    `INSERT INTO fact (${NAMES}) SELECT ${NAMES} FROM fact_batch ORDER BY message_id, fact_id
     ON CONFLICT (message_id, fact_id) DO NOTHING RETURNING fact_id`,
  );
  const ids = new Set(added.map((row) => row.fact_id));
  // The same fact twice in one batch is one row too.
  return rows.filter((row) => ids.delete(row.factId));
}
