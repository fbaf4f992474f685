import { STATUSES } from '@/lib/domain/messages/status';
import type { Queryable } from '@/lib/postgres';
import { StatusCounts } from './count-statuses';

const NUMBERS = STATUSES.map((status, at) => `WHEN '${status}' THEN ${at}`).join(' ');
const MINUTE_OF_ID = `('x' || substr(replace(m.id::text, '-', ''), 1, 12))::bit(48)::bigint / 60000 * 60000`;

/**
 * Counts messages and deliveries anew by shape, minute and status, and adds what the stored counts differ by. One statement
 * sees both as they were at one moment, so that others may go on writing.
 * @returns how many counts differed
 */
export async function recount(store: Queryable, clusterId: number): Promise<number> {
  const { rows } = await store.query<{
    group_id: number;
    shape_id: number;
    at: string;
    status: number;
    count: number;
  }>(
    `WITH item AS (
       SELECT 0 AS group_id, m.shape_id, ${MINUTE_OF_ID} AS at, CASE coalesce(
           (SELECT CASE max(CASE d.status WHEN 'HANDLED' THEN 0 WHEN 'COMMITTED' THEN 1 WHEN 'PUSH_FAIL' THEN 2 ELSE 3 END)
              WHEN 0 THEN 'HANDLED' WHEN 1 THEN 'COMMITTED' WHEN 2 THEN 'PUSH_FAIL' WHEN 3 THEN 'HANDLE_FAIL' END
            FROM delivery d WHERE d.message_id = m.id),
           CASE WHEN m.committed_at IS NULL AND m.send_failed_at IS NOT NULL THEN 'SEND_FAIL' ELSE 'COMMITTED' END)
         ${NUMBERS} END::smallint AS status
       FROM message m WHERE m.cluster_id = $1
       UNION ALL
       SELECT d.group_id, m.shape_id, ${MINUTE_OF_ID}, CASE d.status ${NUMBERS} END::smallint
       FROM delivery d JOIN message m ON m.id = d.message_id WHERE m.cluster_id = $1
     ), counted AS (
       SELECT group_id, coalesce(shape_id, 0) AS shape_id, at, status, count(*)::int AS count
       FROM item GROUP BY GROUPING SETS ((group_id, shape_id, at, status), (group_id, at, status))
       HAVING group_id = 0 OR GROUPING(shape_id) = 1
     ), stored AS (
       SELECT group_id, shape_id, (extract(epoch FROM hour)::bigint + (u.minute - 1) * 60) * 1000 AS at, status, u.count
       FROM status_count, unnest(minutes) WITH ORDINALITY AS u (count, minute) WHERE cluster_id = $1 AND u.count <> 0
     )
     SELECT group_id, shape_id, at, status, coalesce(c.count, 0) - coalesce(s.count, 0) AS count
     FROM counted c FULL JOIN stored s USING (group_id, shape_id, at, status)
     WHERE coalesce(c.count, 0) <> coalesce(s.count, 0)`,
    [clusterId],
  );
  const counts = new StatusCounts(clusterId);
  for (const row of rows) counts.change(row.group_id, row.shape_id, Number(row.at), row.status, row.count);
  await counts.write(store);
  const sums = await store.query(
    `UPDATE status_count SET count = (SELECT sum(u) FROM unnest(minutes) AS u)
     WHERE cluster_id = $1 AND count <> (SELECT sum(u) FROM unnest(minutes) AS u)`,
    [clusterId],
  );
  return rows.length + (sums.rowCount ?? 0);
}
