import type { Queryable } from '@/lib/postgres';

/** Groups that told of themselves before, and since when none of their instances has. @param before a moment within which each tells of itself */
export async function readSilent(
  store: Queryable,
  clusterId: number,
  groups: string[],
  before: Date,
): Promise<{ group: string; since: Date }[]> {
  const { rows } = await store.query<{ group_name: string; since: Date }>({
    name: 'silent-groups',
    text: `SELECT g.name AS group_name, max(i.last_seen_at) AS since FROM instance i CROSS JOIN unnest(i.groups) AS g (name)
           WHERE i.cluster_id = $1 AND g.name = ANY($2) GROUP BY g.name HAVING max(i.last_seen_at) < $3 ORDER BY g.name`,
    values: [clusterId, groups, before],
  });
  return rows.map((row) => ({ group: row.group_name, since: row.since }));
}
