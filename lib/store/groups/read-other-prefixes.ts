import type { Queryable } from '@/lib/postgres';

/** Services that ran within the last hour with another prefix of Courier's topics than `prefix`. */
export async function readOtherPrefixes(
  store: Queryable,
  clusterId: number,
  prefix: string,
  defaultPrefix: string,
): Promise<{ service: string; prefix: string }[]> {
  const { rows } = await store.query<{ service: string; prefix: string }>({
    name: 'read-other-prefixes',
    text: `SELECT DISTINCT service, coalesce(topic_prefix, $3) AS prefix FROM instance
     WHERE cluster_id = $1 AND coalesce(topic_prefix, $3) <> $2 AND last_seen_at > now() - interval '1 hour'
     ORDER BY service, prefix LIMIT 50`,
    values: [clusterId, prefix, defaultPrefix],
  });
  return rows;
}
