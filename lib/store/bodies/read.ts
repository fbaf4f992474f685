import { prepared } from '../sql/prepared';
import { decodeHeaders, type HeaderPair } from '@/lib/protocol/header-text';
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
    ...prepared('bodies', table),
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

/** When a record left its broker, and by what: its log's begin moved past it, or its topic was made anew or deleted. */
export interface StoredDeparture {
  after: Date | null;
  before: Date;
  by: 'retention' | 'made_anew' | 'deleted';
}

/**
 * Between which measurements a record left the broker. A topic that was made anew has another log, so only the begins of
 * the log count that was there when the message came to be known.
 */
export async function readDeparture(
  store: Queryable,
  table: string,
  messageId: string,
  place: { topicId: number; partition: number; offset: bigint },
): Promise<StoredDeparture | null> {
  const { rows } = await store.query<{ seen_before: Date | null; seen_at: Date; by: StoredDeparture['by'] }>({
    ...prepared('read-departure', table),
    text: `WITH known AS (SELECT received_at AS at FROM ${table} WHERE id = $1),
             own AS (SELECT incarnation FROM log_start, known WHERE topic_id = $2 AND partition = $3
               ORDER BY seen_at <= known.at DESC, abs(extract(epoch FROM seen_at - known.at)) LIMIT 1)
           SELECT seen_before, seen_at, by FROM (
             SELECT s.seen_before, s.seen_at, 'retention' AS by FROM log_start s JOIN own USING (incarnation)
             WHERE s.topic_id = $2 AND s.partition = $3 AND s."offset" > $4
             UNION ALL
             SELECT s.seen_before, s.seen_at, 'made_anew' FROM log_start s, own, known
             WHERE s.topic_id = $2 AND s.partition = $3 AND s.incarnation <> own.incarnation AND s.seen_at > known.at
             UNION ALL
             SELECT NULL, gone_at, 'deleted' FROM topic WHERE id = $2 AND gone_at IS NOT NULL) d
           ORDER BY seen_at LIMIT 1`,
    values: [messageId, place.topicId, place.partition, place.offset.toString()],
  });
  const [row] = rows;
  return row ? { after: row.seen_before, before: row.seen_at, by: row.by } : null;
}
