import type { PoolClient, Queryable } from '@/lib/postgres';
import type { Catalog } from '../names/catalog';
import { uncountMessage } from '../facts/count-plans';
import type { StatusCounts } from '../facts/count-statuses';
import { lockKnown } from '../facts/lock-known';
import { KIND_NUMBER } from '../facts/pack-fact';

/** How a dead letter is known that no headers describe: a service named its place in `gaveUp.to`. */
export const REPORTED = 'reported';

/** Where a dead letter is. */
export interface LetterPlace {
  topicId: number;
  partition: number;
  offset: string;
}

/** A dead letter on a topic of a service's own. */
export interface ReportedLetter extends LetterPlace {
  /** The message that the group gave up on. */
  messageId: string;
  groupId: number | null;
  at: Date;
}

/** Tables with rows of a message, its own last. */
const OF_A_MESSAGE = [
  ['ref', 'message_id'],
  ['body', 'message_id'],
  ['delivery', 'message_id'],
  ['send_failure', 'message_id'],
  ['fact', 'message_id'],
  ['message', 'id'],
] as const;

/** Kinds of facts that are Courier's own: a message that has no others was reported by no service. */
const OWN_KINDS = [KIND_NUMBER.indexed, KIND_NUMBER.expected, KIND_NUMBER.overdue];

/**
 * Keeps reading records of some topics and reporting dead letters there apart, until the transaction ends: the later of the
 * two finds what the other wrote. To be called first, since a caller that waits here must hold no other lock.
 * @param as `reader` of records: any number at once; `reporter` of dead letters: one
 */
export async function holdLetterTopics(
  client: PoolClient,
  topicIds: readonly number[],
  as: 'reader' | 'reporter',
): Promise<void> {
  if (topicIds.length === 0) return;
  const lock = as === 'reader' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await client.query({
    name: `letters of a ${as}`,
    text: `SELECT ${lock}(hashtext('courier dead letters'), id) FROM (SELECT DISTINCT unnest($1::int[]) AS id ORDER BY 1) t`,
    values: [topicIds],
  });
}

/** Writes where dead letters are; a place that is known stays its message's. */
export async function recordReported(client: PoolClient, letters: readonly ReportedLetter[]): Promise<void> {
  if (letters.length === 0) return;
  await client.query({
    name: 'record-reported',
    text: `INSERT INTO dead_letter (topic_id, partition, "offset", message_id, group_id, dialect, at)
           SELECT t, p, o, m, g, $7, a
           FROM unnest($1::int[], $2::int[], $3::bigint[], $4::uuid[], $5::int[], $6::timestamptz[]) AS r (t, p, o, m, g, a)
           ORDER BY t, p, o ON CONFLICT DO NOTHING`,
    values: [
      letters.map((letter) => letter.topicId),
      letters.map((letter) => letter.partition),
      letters.map((letter) => letter.offset),
      letters.map((letter) => letter.messageId),
      letters.map((letter) => letter.groupId),
      letters.map((letter) => letter.at),
      REPORTED,
    ],
  });
}

/** Which of some topics hold dead letters that services reported. */
export async function withReported(client: PoolClient, topicIds: readonly number[]): Promise<Set<number>> {
  const { rows } = await client.query<{ id: number }>({
    name: 'with-reported',
    text: `SELECT id FROM unnest($1::int[]) AS t (id)
           WHERE EXISTS (SELECT FROM dead_letter l WHERE l.topic_id = t.id AND l.dialect = $2)`,
    values: [topicIds, REPORTED],
  });
  return new Set(rows.map((row) => row.id));
}

/**
 * Removes messages that the index made of dead letters: a record that a service named in `gaveUp.to` is a further place of
 * the message that was given up on. One that any service has reported something of stays.
 * @param counts gets the changes; the caller writes them
 */
export async function removeReadLetters(
  client: PoolClient,
  catalog: Catalog,
  places: readonly LetterPlace[],
  counts: StatusCounts,
): Promise<void> {
  if (places.length === 0) return;
  const { rows: read } = await client.query<{ id: string }>({
    name: 'read-letters',
    // A message that another writer holds is being reported.
    text: `SELECT s.id FROM unnest($1::int[], $2::int[], $3::bigint[]) AS p (topic_id, partition, "offset")
           JOIN dead_letter l ON l.topic_id = p.topic_id AND l.partition = p.partition AND l."offset" = p."offset" AND l.dialect = $4
           JOIN message s ON s.topic_id = p.topic_id AND s.partition = p.partition AND s."offset" = p."offset"
           WHERE s.id <> l.message_id AND s.cluster_id = $5 ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED`,
    values: [
      places.map((place) => place.topicId),
      places.map((place) => place.partition),
      places.map((place) => place.offset),
      REPORTED,
      catalog.clusterId,
    ],
  });
  if (read.length === 0) return;
  const { rows } = await client.query<{ id: string }>({
    name: 'unreported',
    text: `SELECT id FROM unnest($1::uuid[]) AS r (id)
           WHERE NOT EXISTS (SELECT FROM fact f WHERE f.message_id = r.id AND f.kind <> ALL($2::smallint[])) ORDER BY id`,
    values: [read.map((row) => row.id), OWN_KINDS],
  });
  const ids = rows.map((row) => row.id);
  for (const known of (await lockKnown(client, catalog, ids)).values()) uncountMessage(counts, known);
  for (const [table, key] of OF_A_MESSAGE)
    await client.query(`DELETE FROM ${table} WHERE ${key} = ANY($1)`, [ids]);
}

/** Forgets the dead letters of a topic that was made anew: its places are of other records now. */
export async function forgetReported(store: Queryable, topicId: number): Promise<void> {
  await store.query('DELETE FROM dead_letter WHERE topic_id = $1 AND dialect = $2', [topicId, REPORTED]);
}
