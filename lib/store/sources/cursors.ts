import type { Source } from '@/lib/domain/workers/source';
import { CourierError } from '@/lib/errors';
import type { Queryable } from '@/lib/postgres';

export interface Cursor {
  topicId: number;
  partition: number;
  incarnation: string | null;
  next: bigint;
  /** Since when records were read where not from the log's begin. */
  readFrom: Date | null;
  /** How many records were left out because they are older than the store keeps. */
  leftOut: bigint;
  /** The offset below which those are; null: none was left out, or a former release did not count them. */
  leftOutTo: bigint | null;
}

/** How far a source was read, by topic and partition. @param topicId of one topic; absent: of all */
export async function readCursors(
  store: Queryable,
  source: Source,
  topicId: number | null = null,
): Promise<Cursor[]> {
  const { rows } = await store.query<{
    topic_id: number;
    partition: number;
    incarnation: string | null;
    next_offset: string;
    read_from: Date | null;
    left_out: string;
    left_out_to: string | null;
  }>({
    name: 'read-cursors',
    text: `SELECT topic_id, partition, incarnation, next_offset, read_from, left_out, left_out_to FROM source_cursor
     WHERE source = $1 AND ($2::int IS NULL OR topic_id = $2)`,
    values: [source, topicId],
  });
  return rows.map((row) => ({
    topicId: row.topic_id,
    partition: row.partition,
    incarnation: row.incarnation,
    next: BigInt(row.next_offset),
    readFrom: row.read_from,
    leftOut: BigInt(row.left_out),
    leftOutTo: row.left_out_to === null ? null : BigInt(row.left_out_to),
  }));
}

/**
 * Moves a cursor in the transaction that writes what was read.
 * @param from the offset that the caller expects the cursor to have; null for a partition that was never read
 * @throws CourierError conflict when another reader moved it
 */
export async function moveCursor(
  store: Queryable,
  source: string,
  from: bigint | null,
  to: Cursor,
): Promise<void> {
  const values = [
    source,
    to.topicId,
    to.partition,
    to.incarnation,
    to.next.toString(),
    to.readFrom,
    to.leftOut.toString(),
    to.leftOutTo?.toString() ?? null,
  ];
  const { rowCount } =
    from === null
      ? await store.query({
          name: 'begin-cursor',
          text: `INSERT INTO source_cursor (source, topic_id, partition, incarnation, next_offset, read_from, left_out, left_out_to)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
          values,
        })
      : await store.query({
          name: 'move-cursor',
          text: `UPDATE source_cursor SET incarnation = $4, next_offset = $5, read_from = $6, left_out = $7, left_out_to = $8, updated_at = now()
                 WHERE source = $1 AND topic_id = $2 AND partition = $3 AND next_offset = $9`,
          values: [...values, from.toString()],
        });
  if (rowCount !== 1) {
    throw new CourierError(
      'conflict',
      `The cursor of ${source} on partition ${to.partition} is not at ${from ?? 'its begin'} any more: another process reads it.`,
    );
  }
}

/** Writes what was lost before it was read; the same gap twice is one row. */
export async function recordGap(
  store: Queryable,
  source: string,
  topicId: number,
  partition: number,
  gap: { from: bigint; to: bigint },
): Promise<void> {
  await store.query({
    name: 'record-gap',
    text: `INSERT INTO gap (source, topic_id, partition, from_offset, to_offset) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    values: [source, topicId, partition, gap.from.toString(), gap.to.toString()],
  });
}
