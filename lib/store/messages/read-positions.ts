import type { Queryable } from '@/lib/postgres';

/** Positions of messages as `topic/partition/offset`, by message id. */
export async function readPositions(
  store: Queryable,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const { rows } = await store.query<{ message_id: string; positions: string[] }>({
    name: 'read-positions',
    text: `SELECT message_id, array_agg(value) AS positions FROM ref
     WHERE message_id = ANY($1) AND kind = 'position' GROUP BY message_id`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.message_id, row.positions]));
}
