import type { Fact } from '@/lib/protocol/fact';
import { positionText } from '@/lib/protocol/position';
import type { Queryable } from '@/lib/postgres';

/** What positions are read from: the views of all days, or of one. */
export interface PositionRelations {
  message: string;
  fact: string;
}

const ALL_DAYS: PositionRelations = { message: 'message_read', fact: 'fact_read' };

/**
 * Positions of messages as `topic/partition/offset`, by message id: each message's own place first. Messages without any are
 * left out.
 */
export async function readPositions(
  store: Queryable,
  ids: readonly string[],
  { message, fact }: PositionRelations = ALL_DAYS,
): Promise<Map<string, string[]>> {
  const sorted = [...ids].sort();
  const { rows } = await store.query<{
    id: string;
    topic: string | null;
    partition: number | null;
    offset: string | null;
    rest: string | null;
  }>({
    ...(message === ALL_DAYS.message ? { name: 'read-positions' } : {}),
    text: `SELECT p.id, t.name AS topic, p.partition, p."offset", p.rest FROM (
             SELECT 0 AS rank, id, topic_id, partition, "offset", NULL AS rest FROM ${message}
             WHERE id = ANY($1) AND id >= $2 AND id <= $3 AND "offset" IS NOT NULL
             UNION ALL
             SELECT 1, message_id, topic_id, partition, "offset",
               CASE WHEN coalesce(rest, body) LIKE '%"gaveUp"%' THEN coalesce(rest, body) END FROM ${fact}
             WHERE message_id = ANY($1) AND message_id >= $2 AND message_id <= $3
           ) p LEFT JOIN topic t ON t.id = p.topic_id ORDER BY p.id, p.rank, topic, p.partition, p."offset"`,
    values: [sorted, sorted[0], sorted.at(-1)],
  });
  const found = new Map<string, Set<string>>();
  const add = (id: string, text: string) => found.set(id, (found.get(id) ?? new Set()).add(text));
  for (const { id, topic, partition, offset, rest } of rows) {
    if (topic !== null && partition !== null && offset !== null)
      add(id, positionText({ topic, partition, offset }));
    const to = rest === null ? null : (JSON.parse(rest) as Pick<Fact, 'gaveUp'>).gaveUp?.to;
    if (to) add(id, positionText({ ...to, offset: BigInt(to.offset) }));
  }
  return new Map([...found].map(([id, texts]) => [id, [...texts]]));
}
