import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from as copyFrom } from 'pg-copy-streams';
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

const COLUMNS =
  'message_id, fact_id, cluster_id, kind, source, group_id, at, received_at, generation, topic_id, partition, "offset", body';
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from('ffff', 'hex');
/** PostgreSQL counts its times from 2000. */
const EPOCH_2000_MS = 946_684_800_000;

/**
 * Adds rows to `fact` and says which were not there before. The quick way is a binary COPY under a savepoint; when a
 * key repeats, the batch goes through a temporary table instead, which tells the new rows from the known ones.
 */
export async function addFacts(client: PoolClient, rows: FactRow[]): Promise<FactRow[]> {
  if (rows.length === 0) return [];
  const bytes = encode(rows);
  await client.query('SAVEPOINT add_facts');
  try {
    await copy(client, `COPY fact (${COLUMNS}) FROM STDIN (FORMAT binary)`, bytes);
    await client.query('RELEASE SAVEPOINT add_facts');
    return rows;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '23505')) throw error;
    await client.query('ROLLBACK TO SAVEPOINT add_facts');
  }
  await client.query('CREATE TEMP TABLE IF NOT EXISTS fact_batch (LIKE fact) ON COMMIT DELETE ROWS');
  await client.query('TRUNCATE fact_batch');
  await copy(client, `COPY fact_batch (${COLUMNS}) FROM STDIN (FORMAT binary)`, bytes);
  const { rows: added } = await client.query<{ fact_id: string }>(
    `INSERT INTO fact (${COLUMNS}) SELECT ${COLUMNS} FROM fact_batch ORDER BY message_id, fact_id
     ON CONFLICT (message_id, fact_id) DO NOTHING RETURNING fact_id`,
  );
  const ids = new Set(added.map((row) => row.fact_id));
  // The same fact twice in one batch is one row too.
  return rows.filter((row) => ids.delete(row.factId));
}

async function copy(client: PoolClient, statement: string, bytes: Buffer): Promise<void> {
  await pipeline(Readable.from([bytes]), client.query(copyFrom(statement)));
}

function encode(rows: FactRow[]): Buffer {
  const parts: Buffer[] = [HEADER];
  for (const row of rows) {
    const count = Buffer.alloc(2);
    count.writeInt16BE(13);
    parts.push(
      count,
      uuid(row.messageId),
      uuid(row.factId),
      int(2, row.clusterId),
      text(row.kind),
      text(row.source),
      int(4, row.groupId),
      time(row.at),
      time(row.receivedAt),
      int(4, row.generation),
      int(4, row.topicId),
      int(4, row.partition),
      bigint(row.offset),
      text(row.body),
    );
  }
  parts.push(TRAILER);
  return Buffer.concat(parts);
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

const NULL = Buffer.from('ffffffff', 'hex');

function uuid(value: string): Buffer {
  return field(Buffer.from(value.replaceAll('-', ''), 'hex'));
}

function int(size: 2 | 4, value: number | null): Buffer {
  if (value === null) return NULL;
  const bytes = Buffer.alloc(size);
  bytes.writeIntBE(value, 0, size);
  return field(bytes);
}

function bigint(value: bigint | null): Buffer {
  if (value === null) return NULL;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return field(bytes);
}

function time(value: Date): Buffer {
  return bigint(BigInt(value.getTime() - EPOCH_2000_MS) * 1000n);
}

function text(value: string): Buffer {
  return field(Buffer.from(value));
}
