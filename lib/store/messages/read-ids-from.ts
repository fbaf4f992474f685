import type { Queryable } from '@/lib/postgres';

/** A partition from an offset on. */
export interface FromPlace {
  topicId: number;
  partition: number;
  from: bigint;
}

/**
 * Ids of the messages at and behind places of logs, by the index on positions.
 * @param most of each partition, the last ones first
 */
export async function readIdsFrom(
  store: Queryable,
  places: readonly FromPlace[],
  most: number,
): Promise<{ ids: string[]; areIdsCut: boolean }> {
  if (places.length === 0) return { ids: [], areIdsCut: false };
  const each = Math.max(1, Math.floor(most / places.length));
  const { rows } = await store.query<{ id: string; is_last: boolean }>({
    name: 'ids-from-places',
    // One more than asked for shows that there are more.
    text: `SELECT m.id, m.place > $4 AS is_last FROM unnest($1::int[], $2::int[], $3::bigint[]) AS p (topic_id, partition, "from")
           CROSS JOIN LATERAL (
             SELECT id, row_number() OVER (ORDER BY "offset" DESC) AS place FROM (
               SELECT id, "offset" FROM message
               WHERE topic_id = p.topic_id AND partition = p.partition AND "offset" >= p."from"
               ORDER BY "offset" DESC LIMIT $4 + 1) newest) m`,
    values: [
      places.map(({ topicId }) => topicId),
      places.map(({ partition }) => partition),
      places.map(({ from }) => from.toString()),
      each,
    ],
  });
  return {
    ids: rows.filter((row) => !row.is_last).map((row) => row.id),
    areIdsCut: rows.some((row) => row.is_last),
  };
}
