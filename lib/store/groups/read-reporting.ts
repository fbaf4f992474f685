import type { Queryable } from '@/lib/postgres';

/** Ids of the groups of a cluster whose services report outcomes. */
export async function readReporting(store: Queryable, clusterId: number): Promise<Set<number>> {
  const { rows } = await store.query<{ id: number }>({
    name: 'reporting-groups',
    text: 'SELECT id FROM consumer_group WHERE cluster_id = $1 AND reports',
    values: [clusterId],
  });
  return new Set(rows.map((row) => row.id));
}
