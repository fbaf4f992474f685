import type { Queryable } from '@/lib/postgres';
import type { StoredChunk } from './read-lag';

const DAY_SECONDS = 86_400;

export interface UnrolledSeries {
  groupId: number;
  topicId: number;
  /** UTC midnight of the day. */
  day: Date;
}

/** Days of series that ended before a moment and have chunks but no rollup yet. */
export async function findUnrolled(store: Queryable, before: Date, limit: number): Promise<UnrolledSeries[]> {
  const { rows } = await store.query<{ group_id: number; topic_id: number; day: Date }>({
    name: 'find-unrolled',
    text: `SELECT DISTINCT c.group_id, c.topic_id, date_bin('1 day', c.start_at, '2000-01-01Z'::timestamptz) AS day
     FROM lag_chunk c WHERE c.start_at < $1 AND NOT EXISTS (
       SELECT 1 FROM lag_rollup r WHERE r.group_id = c.group_id AND r.topic_id = c.topic_id
         AND r.start_at = date_bin('1 day', c.start_at, '2000-01-01Z'::timestamptz))
     LIMIT $2`,
    values: [before, limit],
  });
  return rows.map((row) => ({ groupId: row.group_id, topicId: row.topic_id, day: row.day }));
}

/** Chunks of one series of one day. */
export async function readChunksOfDay(
  store: Queryable,
  series: UnrolledSeries,
): Promise<{ startAt: Date; data: Uint8Array }[]> {
  const { rows } = await store.query<{ start_at: Date; data: Buffer }>({
    name: 'read-chunks-of-day',
    text: 'SELECT start_at, data FROM lag_chunk WHERE group_id = $1 AND topic_id = $2 AND start_at >= $3 AND start_at < $4',
    values: [series.groupId, series.topicId, series.day, new Date(series.day.getTime() + DAY_SECONDS * 1000)],
  });
  return rows.map((row) => ({ startAt: row.start_at, data: row.data }));
}

/** Writes the rollup of one series of one day. */
export async function writeRollup(store: Queryable, series: UnrolledSeries, data: Uint8Array): Promise<void> {
  await store.query({
    name: 'write-rollup',
    text: `INSERT INTO lag_rollup (group_id, topic_id, start_at, data) VALUES ($1, $2, $3, $4)
     ON CONFLICT (group_id, topic_id, start_at) DO UPDATE SET data = excluded.data`,
    values: [series.groupId, series.topicId, series.day, Buffer.from(data)],
  });
}

/** Rollups of a group that touch a span of time, oldest first. */
export async function readRollups(
  store: Queryable,
  groupId: number,
  from: Date,
  to: Date,
): Promise<StoredChunk[]> {
  const { rows } = await store.query<{ topic: string; topic_id: number; start_at: Date; data: Buffer }>({
    name: 'lag-rollups',
    text: `SELECT t.name AS topic, r.topic_id, r.start_at, r.data FROM lag_rollup r JOIN topic t ON t.id = r.topic_id
           WHERE r.group_id = $1 AND r.start_at > $2 AND r.start_at <= $3 ORDER BY r.start_at`,
    values: [groupId, new Date(from.getTime() - DAY_SECONDS * 1000), to],
  });
  return rows.map((row) => ({
    topic: row.topic,
    topicId: row.topic_id,
    startAt: row.start_at,
    spanSeconds: DAY_SECONDS,
    data: row.data,
  }));
}
