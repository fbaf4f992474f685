import type { Queryable } from '@/lib/postgres';

/** Incarnations of topics that are known, by name. */
export async function incarnationsOf(
  store: Queryable,
  clusterId: number,
  names: string[],
): Promise<Map<string, string>> {
  const { rows } = await store.query<{ name: string; incarnation: string }>(
    'SELECT name, incarnation FROM topic WHERE cluster_id = $1 AND name = ANY($2) AND incarnation IS NOT NULL',
    [clusterId, names],
  );
  return new Map(rows.map((row) => [row.name, row.incarnation]));
}

/** Writes what the broker says of its topics. */
export async function updateTopics(
  store: Queryable,
  clusterId: number,
  topics: { name: string; incarnation: string | null; partitions: number }[],
): Promise<void> {
  await store.query(
    `INSERT INTO topic (cluster_id, name, incarnation, partitions)
     SELECT $1, name, incarnation, partitions FROM unnest($2::text[], $3::text[], $4::int[]) AS r (name, incarnation, partitions)
     ON CONFLICT (cluster_id, name) DO UPDATE SET incarnation = excluded.incarnation, partitions = excluded.partitions
     WHERE (topic.incarnation, topic.partitions) IS DISTINCT FROM (excluded.incarnation, excluded.partitions)`,
    [
      clusterId,
      topics.map((one) => one.name),
      topics.map((one) => one.incarnation),
      topics.map((one) => one.partitions),
    ],
  );
}

/** How many topics that hold messages are not read by the topic index. */
export async function countNotIndexed(store: Queryable, clusterId: number): Promise<number> {
  const { rows } = await store.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM topic
     WHERE cluster_id = $1 AND NOT indexed AND gone_at IS NULL AND name !~ '^(courier\\.|__)'`,
    [clusterId],
  );
  return rows[0]?.count ?? 0;
}
