import type { ConsumerTrouble } from '@/lib/contract/groups';
import type { Queryable } from '@/lib/postgres';

/** What an instance of a service reports of its consumers in one group. */
export type InstanceTrouble = ConsumerTrouble & { group: string };

const MAX_ROWS = 500;

/**
 * What instances with a heartbeat since a moment report to be out of order.
 * @param group only this one, or null for all
 */
export async function readTroubles(
  store: Queryable,
  clusterId: number,
  group: string | null,
  since: Date,
): Promise<InstanceTrouble[]> {
  const { rows } = await store.query<InstanceTrouble>({
    name: 'read-troubles',
    text: `SELECT t.item ->> 'group' AS group, i.service, i.release, i.host, i.process, t.item -> 'problems' AS problems,
       (t.item -> 'crashes')::float8 AS crashes, (t.item -> 'unreadable')::float8 AS unreadable
     FROM instance i CROSS JOIN LATERAL jsonb_array_elements(i.troubles) AS t (item)
     WHERE i.cluster_id = $1 AND i.last_seen_at > $3 AND i.troubles IS NOT NULL
       AND ($2::text IS NULL OR t.item ->> 'group' = $2)
     ORDER BY jsonb_array_length(t.item -> 'problems') DESC, 1, i.service, i.host, i.process LIMIT ${MAX_ROWS}`,
    values: [clusterId, group, since],
  });
  return rows;
}
