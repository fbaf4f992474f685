import { hashOfRef, type RefKind } from '@/lib/store/facts/refs';
import type { PartitionCatalog } from '@/lib/store/partitions';
import type { Queryable } from '@/lib/postgres';

/**
 * Ids of messages that are known by a value, newest first. Partitions are asked one by one from the newest, so that the
 * cost is that of the answer and not of the days kept.
 */
export async function findByRef(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  kinds: readonly RefKind[],
  value: string,
  limit: number,
): Promise<string[]> {
  const found: string[] = [];
  const days = await partitions.newestFirst();
  for (const table of [...days.map((day) => `ref_p${day}`), 'ref_default']) {
    const { rows } = await store.query<{ message_id: string }>({
      name: `ref ${table}`,
      text: `SELECT DISTINCT message_id FROM ${table} WHERE kind = ANY($1) AND value_hash = $2 AND value = $3 AND cluster_id = $4
             ORDER BY message_id DESC LIMIT $5`,
      values: [kinds, hashOfRef(value), value, clusterId, limit - found.length],
    });
    found.push(...rows.map((row) => row.message_id));
    if (found.length >= limit) break;
  }
  return found;
}

/**
 * Ids of messages whose key begins with a text, newest first, partition by partition as `findByRef`.
 * @param prefix at most 100 characters; what is longer is compared by its first 100
 */
export async function findByKeyPrefix(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  prefix: string,
  limit: number,
): Promise<string[]> {
  const found: string[] = [];
  const pattern = `${prefix.slice(0, 100).replace(/[\\%_]/g, '\\$&')}%`;
  const days = await partitions.newestFirst();
  for (const table of [...days.map((day) => `ref_p${day}`), 'ref_default']) {
    const { rows } = await store.query<{ message_id: string }>({
      name: `prefix ${table}`,
      text: `SELECT message_id FROM ${table} WHERE kind = 'key' AND left(value, 100) LIKE $1 AND cluster_id = $2
             ORDER BY message_id DESC LIMIT $3`,
      values: [pattern, clusterId, limit - found.length],
    });
    found.push(...rows.map((row) => row.message_id));
    if (found.length >= limit) break;
  }
  return found;
}

/** Positions, producers' ids and the like that one message is known by. @param table name of the partition */
export async function readRefs(
  store: Queryable,
  table: string,
  messageId: string,
): Promise<{ kind: RefKind; value: string }[]> {
  const { rows } = await store.query<{ kind: RefKind; value: string }>({
    name: `refs ${table}`,
    text: `SELECT kind, value FROM ${table} WHERE message_id = $1 ORDER BY kind, value`,
    values: [messageId],
  });
  return rows;
}
