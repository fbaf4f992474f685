import type { PartitionCatalog } from '../schema/partitions';
import { findByIdEnd } from './find-by-id-part';
import type { Queryable } from '@/lib/postgres';

/**
 * Returns ids that resemble one that was not found: the same first 13 characters (the millisecond), or the same last 8 on
 * the same day. The query reads one partition, so that a mistyped id costs no scan of all days.
 */
export async function findSimilarIds(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  id: string,
): Promise<string[]> {
  const table = await partitions.of('message_read', id);
  const low = `${id.slice(0, 13)}-0000-0000-000000000000`;
  const high = `${id.slice(0, 13)}-ffff-ffff-ffffffffffff`;
  const near = await store.query<{ id: string }>(
    `SELECT id FROM ${table} WHERE id >= $1 AND id <= $2 AND cluster_id = $3 LIMIT 5`,
    [low, high, clusterId],
  );
  if (near.rows.length > 0) return near.rows.map((row) => row.id);
  // A slip in the time part leaves the random tail.
  return (await findByIdEnd(store, table, id.slice(-8))).ids.slice(0, 5);
}
