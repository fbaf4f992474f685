import { floorUuidV7 } from '@/lib/protocol/uuid';
import type { Queryable } from '@/lib/postgres';

const DAY_MS = 86_400_000;

/**
 * $1 is the cluster, $2 the first message id, $3 the limit, $4 the moment since which. 3 is the outcome "handled" of
 * generation 0: a retry by a person raises the generation, but services without the SDK do not report it.
 */
export const HEALED = `SELECT g.name AS group_name, d.error_type AS error, count(*)::int AS messages, max(d.attempts) AS attempts,
       min(d.first_error_at) AS began, max(d.outcome_at) AS ended
     FROM (
       SELECT message_id, group_id, error_type, attempts, first_error_at, outcome_at FROM delivery
       WHERE outcome = 3 AND first_error_at IS NOT NULL AND message_id >= $2
       UNION ALL
       SELECT message_id, group_id, error_type, attempts, first_error_at, outcome_at FROM former_delivery
       WHERE outcome = 3 AND first_error_at IS NOT NULL AND message_id >= $2
     ) d JOIN consumer_group g ON g.id = d.group_id
     WHERE d.outcome_at >= $4 AND g.cluster_id = $1 AND (SELECT 1 FROM retry_item i
       WHERE i.message_id = d.message_id AND i.group_id = d.group_id AND i.state <> 'SKIPPED' LIMIT 1) IS NULL
     GROUP BY 1, 2 ORDER BY max(d.outcome_at) DESC LIMIT $3`;

export interface Healed {
  group: string;
  error: string | null;
  messages: number;
  attempts: number;
  from: Date;
  to: Date;
}

/**
 * Deliveries that failed first and were handled by a later try since a moment, without a person; of messages of the day
 * before it.
 */
export async function readHealed(
  store: Queryable,
  clusterId: number,
  since: Date,
  limit: number,
): Promise<Healed[]> {
  const { rows } = await store.query<{
    group_name: string;
    error: string | null;
    messages: number;
    attempts: number;
    began: Date;
    ended: Date;
  }>(HEALED, [clusterId, floorUuidV7(since.getTime() - DAY_MS), limit, since]);
  return rows.map((row) => ({
    group: row.group_name,
    error: row.error,
    messages: row.messages,
    attempts: row.attempts,
    from: row.began,
    to: row.ended,
  }));
}
