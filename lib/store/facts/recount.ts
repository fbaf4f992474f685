import { STATUSES } from '@/lib/domain/messages/status';
import type { Queryable } from '@/lib/postgres';

const NUMBERS = STATUSES.map((status, at) => `WHEN '${status}' THEN ${at}`).join(' ');

/**
 * Counts messages and deliveries anew by shape, minute and status, and adds what the stored counts differ by. One statement
 * sees both as they were at one moment, so that others may go on writing.
 * @returns how many counts differed
 */
export async function recount(store: Queryable, clusterId: number): Promise<number> {
  let differed = 0;
  for (const [table, time, seconds] of [
    ['minute_status', 'minute', 60],
    ['hour_status', 'hour', 3_600],
  ] as const) {
    const at = (id: string) =>
      `to_timestamp(('x' || substr(replace(${id}::text, '-', ''), 1, 12))::bit(48)::bigint / ${seconds * 1_000} * ${seconds})`;
    const { rowCount } = await store.query(
      `WITH item AS (
         SELECT 0 AS group_id, m.shape_id, ${at('m.id')} AS at, CASE coalesce(
             (SELECT CASE max(CASE d.status WHEN 'HANDLED' THEN 0 WHEN 'COMMITTED' THEN 1 WHEN 'PUSH_FAIL' THEN 2 ELSE 3 END)
                WHEN 0 THEN 'HANDLED' WHEN 1 THEN 'COMMITTED' WHEN 2 THEN 'PUSH_FAIL' WHEN 3 THEN 'HANDLE_FAIL' END
              FROM delivery d WHERE d.message_id = m.id),
             CASE WHEN m.committed_at IS NULL AND m.send_failed_at IS NOT NULL THEN 'SEND_FAIL' ELSE 'COMMITTED' END)
           ${NUMBERS} END::smallint AS status
         FROM message m WHERE m.cluster_id = $1
         UNION ALL
         SELECT d.group_id, m.shape_id, ${at('m.id')}, CASE d.status ${NUMBERS} END::smallint
         FROM delivery d JOIN message m ON m.id = d.message_id WHERE m.cluster_id = $1
       ), counted AS (
         SELECT group_id, coalesce(shape_id, 0) AS shape_id, at, status, count(*)::int AS count
         FROM item GROUP BY GROUPING SETS ((group_id, shape_id, at, status), (group_id, at, status))
         HAVING group_id = 0 OR GROUPING(shape_id) = 1
       ), stored AS (
         SELECT group_id, shape_id, ${time} AS at, status, count FROM ${table} WHERE cluster_id = $1
       ), difference AS (
         SELECT group_id, shape_id, at, status, coalesce(c.count, 0) - coalesce(s.count, 0) AS count
         FROM counted c FULL JOIN stored s USING (group_id, shape_id, at, status)
       )
       INSERT INTO ${table} (cluster_id, group_id, shape_id, ${time}, status, count)
       SELECT $1, group_id, shape_id, at, status, count FROM difference WHERE count <> 0
       ORDER BY group_id, shape_id, at, status
       ON CONFLICT (cluster_id, group_id, shape_id, ${time}, status) DO UPDATE SET count = ${table}.count + excluded.count`,
      [clusterId],
    );
    differed += rowCount ?? 0;
  }
  return differed;
}
