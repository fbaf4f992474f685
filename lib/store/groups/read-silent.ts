import type { Queryable } from '@/lib/postgres';

/**
 * Groups with a heartbeat in the last day and none since a moment.
 * @param groups only these, or null for all
 * @param before a group is silent if its last heartbeat is older than this time
 */
export async function readSilent(
  store: Queryable,
  clusterId: number,
  groups: string[] | null,
  before: Date,
): Promise<{ group: string; since: Date }[]> {
  const { rows } = await store.query<{ group_name: string; since: Date }>({
    name: 'silent-groups',
    text: `SELECT g.name AS group_name, max(i.last_seen_at) AS since FROM instance i CROSS JOIN unnest(i.groups) AS g (name)
           WHERE i.cluster_id = $1 AND ($2::text[] IS NULL OR g.name = ANY($2)) AND i.last_seen_at > $3::timestamptz - interval '1 day' GROUP BY g.name HAVING max(i.last_seen_at) < $3 ORDER BY g.name`,
    values: [clusterId, groups, before],
  });
  return rows.map((row) => ({ group: row.group_name, since: row.since }));
}
