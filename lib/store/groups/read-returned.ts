import { RETRY_GROUP_SUFFIX } from '@/lib/protocol/topics';
import type { Queryable } from '@/lib/postgres';

/** Groups that had no members for a while and have some again since a moment, the latest first. */
export async function readReturned(
  store: Queryable,
  clusterId: number,
  since: Date,
): Promise<{ group: string; from: Date; to: Date }[]> {
  const { rows } = await store.query<{ name: string; absent_from: Date; absent_to: Date }>({
    name: 'read-returned',
    text: `SELECT g.name, n.absent_from, n.absent_to FROM group_now n JOIN consumer_group g ON g.id = n.group_id
     WHERE g.cluster_id = $1 AND n.absent_to >= $2 AND n.no_members_since IS NULL AND NOT EXISTS (
       SELECT 1 FROM consumer_group b JOIN subscription s ON s.group_id = b.id AND s.retry_topic IS NOT NULL
       WHERE b.cluster_id = $1 AND g.name = b.name || $3)
     ORDER BY n.absent_to DESC LIMIT 8`,
    values: [clusterId, since, RETRY_GROUP_SUFFIX],
  });
  return rows.map((row) => ({ group: row.name, from: row.absent_from, to: row.absent_to }));
}
