import type { Queryable } from '@/lib/postgres';

export interface OwnedGroup {
  id: number;
  name: string;
  owner: string;
  changedAt: Date;
}

/**
 * Groups with an owner, in the order in which they were first known.
 * @param since null for all of them, else those whose owner changed at or after this time
 */
export async function readOwners(
  store: Queryable,
  clusterId: number,
  since: Date | null,
): Promise<OwnedGroup[]> {
  const { rows } = await store.query<OwnedGroup>({
    name: 'read-group-owners',
    text: `SELECT id, name, owner, owner_changed_at AS "changedAt" FROM consumer_group
     WHERE cluster_id = $1 AND owner IS NOT NULL AND owner_changed_at >= coalesce($2, '-infinity'::timestamptz)
     ORDER BY id`,
    values: [clusterId, since],
  });
  return rows;
}

/** Makes a service the owner of groups without an owner. @returns the groups that it owns now and did not before */
export async function claimGroups(
  store: Queryable,
  clusterId: number,
  groups: readonly string[],
  service: string,
): Promise<string[]> {
  const { rows } = await store.query<{ name: string }>({
    name: 'claim-groups',
    text: `INSERT INTO consumer_group (cluster_id, name, owner) SELECT $1, name, $3 FROM unnest($2::text[]) AS name
     ON CONFLICT (cluster_id, name) DO UPDATE SET owner = excluded.owner, owner_changed_at = now()
     WHERE consumer_group.owner IS NULL
     RETURNING name`,
    values: [clusterId, [...groups].sort(), service],
  });
  return rows.map((row) => row.name);
}

/** Gives a group to a service. @returns the owner before, or null; undefined where there is no such group */
export async function moveGroup(
  store: Queryable,
  clusterId: number,
  group: string,
  service: string,
): Promise<string | null | undefined> {
  const { rows } = await store.query<{ owner: string | null }>({
    name: 'move-group',
    text: `UPDATE consumer_group g SET owner = $3, owner_changed_at = now() FROM (
       SELECT id, owner FROM consumer_group WHERE cluster_id = $1 AND name = $2 FOR UPDATE) old
     WHERE g.id = old.id RETURNING old.owner`,
    values: [clusterId, group, service],
  });
  return rows[0]?.owner;
}
