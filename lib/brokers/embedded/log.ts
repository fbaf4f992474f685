import type { Pool } from 'pg';
import type { Queryable } from '@/lib/postgres';
import { CourierError, sentenceOf } from '@/lib/errors';
import type { BrokerRecord, OutgoingRecord, SendAnswer } from '@/lib/brokers/broker';
import { decodeHeaders, encodeHeaders } from '@/lib/protocol/header-text';

/** The same limit that Kafka has by default, so that a service meets it before it grows into Kafka. */
export const MAX_RECORD_BYTES = 1_048_588;

/**
 * Appends records of one partition in one statement: the offsets are taken and the records written by the same commit.
 * One answer for the batch: all of it was stored, none of it, or the outcome is unknown.
 */
export async function append(
  pool: Pool,
  topic: string,
  partition: number,
  records: OutgoingRecord[],
  timeoutMs: number,
): Promise<SendAnswer> {
  const tooLarge = records.find((record) => sizeOf(record) > MAX_RECORD_BYTES);
  if (tooLarge) {
    return {
      outcome: 'refused',
      reason: `MESSAGE_TOO_LARGE: ${sizeOf(tooLarge)} bytes, ${MAX_RECORD_BYTES} allowed`,
    };
  }
  let client;
  try {
    client = await pool.connect();
  } catch (error) {
    return { outcome: 'not_written', reason: sentenceOf(error) };
  }
  const ignore = () => undefined;
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    // The statement does not depend on the number of records, so that it is prepared once.
    const { rows } = await client.query<{ offset: string }>({
      text: APPEND,
      values: [
        topic,
        partition,
        records.length,
        records.map((record) => record.key),
        records.map((record) => record.value),
        records.map((record) => encodeHeaders(record.headers)),
      ],
      query_timeout: timeoutMs,
    } as { text: string; values: unknown[] });
    const base = rows[0]?.offset;
    if (base === undefined)
      return { outcome: 'refused', reason: `the topic ${topic} has no partition ${partition}` };
    return { outcome: 'acknowledged', partition, offset: BigInt(base) };
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    // Only an error that the server returned proves that the statement was rolled back. A shutdown or connection error
    // (SQLSTATE 57P.. and 08...) may follow the commit.
    const code = 'code' in broken ? String(broken.code) : '';
    const answered = 'severity' in broken && !/^(57P|08)/.test(code);
    return { outcome: answered ? 'not_written' : 'unknown', reason: broken.message };
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

const APPEND = `
  WITH slot AS (
    UPDATE embedded_partition p SET next_offset = p.next_offset + $3
    FROM embedded_topic t WHERE t.id = p.topic_id AND t.name = $1 AND p.partition = $2
    RETURNING p.topic_id, p.next_offset - $3 AS base
  ), written AS (
    INSERT INTO embedded_record (topic_id, partition, "offset", at, key, value, headers)
    SELECT slot.topic_id, $2, slot.base + r.place - 1, clock_timestamp(), r.key, r.value, r.headers
    FROM slot, unnest($4::bytea[], $5::bytea[], $6::text[]) WITH ORDINALITY AS r (key, value, headers, place)
    RETURNING "offset"
  )
  SELECT min("offset") AS offset FROM written HAVING count(*) > 0`;

function sizeOf(record: OutgoingRecord): number {
  const headers = record.headers.reduce((sum, [name, value]) => sum + name.length + (value?.length ?? 0), 0);
  return (record.key?.length ?? 0) + (record.value?.length ?? 0) + headers;
}

interface RecordRow {
  offset: string;
  at: Date;
  key: Buffer | null;
  value: Buffer | null;
  headers: string;
}

/** Reads on from an offset, at least one record where there is one, up to so many bytes. */
export async function readRecords(
  pool: Pool,
  topicId: number,
  topic: string,
  partition: number,
  from: bigint,
  maxBytes: number,
): Promise<BrokerRecord[]> {
  const { rows } = await pool.query<RecordRow>({
    name: 'embedded-read',
    text: `SELECT "offset", at, key, value, headers FROM (
             SELECT r.*, sum(coalesce(length(key), 0) + coalesce(length(value), 0) + length(headers))
               OVER (ORDER BY "offset") - (coalesce(length(key), 0) + coalesce(length(value), 0) + length(headers)) AS before
             FROM (SELECT * FROM embedded_record WHERE topic_id = $1 AND partition = $2 AND "offset" >= $3
                   ORDER BY "offset" LIMIT 2000) r
           ) sized WHERE before < $4 ORDER BY "offset"`,
    values: [topicId, partition, from.toString(), maxBytes],
  });
  return rows.map((row) => ({
    topic,
    partition,
    offset: BigInt(row.offset),
    timestamp: row.at.getTime(),
    key: row.key,
    value: row.value,
    headers: decodeHeaders(row.headers),
  }));
}

/** Name of a topic of the embedded broker: Kafka's own rule, so that it may move to Kafka unchanged. */
export function checkTopicName(name: string): void {
  if (!/^[a-zA-Z0-9._-]{1,249}$/.test(name) || name === '.' || name === '..') {
    throw new CourierError(
      'invalid_input',
      `The topic name ${JSON.stringify(name.slice(0, 300))} is not allowed: 1 to 249 of a-z, A-Z, 0-9, dot, underscore, hyphen.`,
    );
  }
}

/**
 * Removes records older than a time and moves the begins of their logs behind them, never behind a record that is being
 * written meanwhile. @returns how many were removed
 */
export async function trimLog(store: Queryable, before: Date): Promise<number> {
  await store.query({
    name: 'move-log-start',
    text: `UPDATE embedded_partition p SET start_offset = old.behind
     FROM (SELECT topic_id, partition, max("offset") + 1 AS behind FROM embedded_record WHERE at < $1 GROUP BY 1, 2) old
     WHERE old.topic_id = p.topic_id AND old.partition = p.partition AND old.behind > p.start_offset`,
    values: [before],
  });
  const { rows } = await store.query<{ count: number }>({
    name: 'trim-log',
    text: `WITH gone AS (
       DELETE FROM embedded_record r USING embedded_partition p
       WHERE r.topic_id = p.topic_id AND r.partition = p.partition AND r."offset" < p.start_offset RETURNING 1
     ) SELECT count(*)::int AS count FROM gone`,
  });
  return rows[0]?.count ?? 0;
}
