import { decodeHeaders, type HeaderPair } from '@/lib/domain/header-text';
import type { Queryable } from '@/lib/postgres';

export interface StoredBody {
  role: string;
  key: Buffer | null;
  headers: HeaderPair[];
  payload: Buffer | null;
  size: number;
  truncated: boolean;
  /** `topic/partition/offset` of the record it was copied from. */
  takenFrom: string;
  receivedAt: Date;
}

/** Copies of a message's bytes that the store holds. @param table name of the partition */
export async function readBodies(store: Queryable, table: string, messageId: string): Promise<StoredBody[]> {
  const { rows } = await store.query<{
    role: string;
    key: Buffer | null;
    headers: string;
    payload: Buffer | null;
    size: number;
    truncated: boolean;
    taken_from: string;
    received_at: Date;
  }>({
    name: `bodies ${table}`,
    text: `SELECT role, key, headers, payload, size, truncated, taken_from, received_at FROM ${table} WHERE message_id = $1`,
    values: [messageId],
  });
  return rows.map((row) => ({
    role: row.role,
    key: row.key,
    headers: decodeHeaders(row.headers),
    payload: row.payload,
    size: row.size,
    truncated: row.truncated,
    takenFrom: row.taken_from,
    receivedAt: row.received_at,
  }));
}

/** When the begin of a log moved past an offset: between these times the record left the broker. */
export async function readDeparture(
  store: Queryable,
  topicId: number,
  partition: number,
  offset: bigint,
): Promise<{ after: Date | null; before: Date } | null> {
  const { rows } = await store.query<{ seen_before: Date | null; seen_at: Date }>({
    name: 'read-departure',
    text: 'SELECT seen_before, seen_at FROM log_start WHERE topic_id = $1 AND partition = $2 AND "offset" > $3 ORDER BY "offset" LIMIT 1',
    values: [topicId, partition, offset.toString()],
  });
  return rows[0] ? { after: rows[0].seen_before, before: rows[0].seen_at } : null;
}
