import type { Queryable } from '@/lib/postgres';

/** Where in a topic a source read nothing although records were there: what left the log before, and unreadable batches. */
export async function readPassedOver(
  store: Queryable,
  clusterId: number,
  source: string,
  { topicId, topic }: { topicId: number; topic: string },
): Promise<{ partition: number; to: bigint }[]> {
  const { rows } = await store.query<{ partition: number; to_offset: string }>({
    name: 'read-passed-over',
    text: `SELECT partition, max(to_offset) AS to_offset FROM (
             SELECT partition, to_offset FROM gap WHERE source = $2 AND topic_id = $3
             UNION ALL
             SELECT m[1]::int, m[2]::bigint + 1 FROM fact_rejected,
               LATERAL regexp_match(substr(place, length($4) + 1), '^(\\d{1,9})/\\d{1,18}-(\\d{1,18})$') m
             WHERE cluster_id = $1 AND source = $2 AND starts_with(place, $4) AND m IS NOT NULL) p
           GROUP BY partition`,
    values: [clusterId, source, topicId, `${topic}/`],
  });
  return rows.map((row) => ({ partition: row.partition, to: BigInt(row.to_offset) }));
}
