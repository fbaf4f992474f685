import { ACTIVE } from '@/lib/domain/retries/retry';
import type { Queryable } from '@/lib/postgres';

/** What earlier retries left for deliveries of one group. */
export interface Claims {
  /** Highest generation that any retry gave a message's delivery. */
  generations: Map<string, number>;
  /** Who retries a message's delivery now. */
  active: Map<string, { operator: string; at: Date; retryId: string }>;
}

/** Earlier and running retries of many messages for one group. */
export async function readClaims(store: Queryable, groupId: number, messageIds: string[]): Promise<Claims> {
  const { rows } = await store.query<{
    message_id: string;
    generation: number | null;
    operator: string | null;
    at: Date | null;
    retry_id: string | null;
  }>({
    name: 'read-claims',
    text: `SELECT i.message_id, max(i.generation) FILTER (WHERE i.state <> 'SKIPPED') AS generation,
       max(r.operator_name) FILTER (WHERE i.state = ANY($3)) AS operator,
       max(i.created_at) FILTER (WHERE i.state = ANY($3)) AS at,
       max(r.id::text) FILTER (WHERE i.state = ANY($3)) AS retry_id
     FROM retry_item i JOIN retry r ON r.id = i.retry_id
     WHERE i.message_id = ANY($1) AND i.group_id = $2 GROUP BY i.message_id`,
    values: [messageIds, groupId, ACTIVE],
  });
  return {
    generations: new Map(rows.map((row) => [row.message_id, row.generation ?? 0])),
    active: new Map(
      rows.flatMap((row) =>
        row.operator !== null && row.at !== null && row.retry_id !== null
          ? [[row.message_id, { operator: row.operator, at: row.at, retryId: row.retry_id }] as const]
          : [],
      ),
    ),
  };
}
