import type { PartitionCatalog } from '../schema/partitions';
import type { Queryable } from '@/lib/postgres';

/** Maximum keys of one day per search, since a common prefix may match half of all keys. */
const MAX_A_DAY = 500;
/** Days that are asked first, and alone where they answer. */
const NEWEST_DAYS = 2;

/**
 * Ids of messages whose key begins with a text: of the newest days that have any, newest first.
 * @param prefix at most 100 characters; what is longer is compared by its first 100
 */
export async function findByKeyPrefix(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  prefix: string,
  limit: number,
): Promise<string[]> {
  const days = (await partitions.newestFirst()).map((day) => `_p${day}`);
  const former = await partitions.formerDays();
  const ask = async (tables: string[], most: number): Promise<string[]> => {
    if (tables.length === 0 || most <= 0) return [];
    // A range, since a cached plan can't use an index for LIKE. `~<~` compares bytes, so every value with the prefix sorts
    // before the prefix followed by the last code point.
    const parts = tables.map(
      (
        suffix,
      ) => `(SELECT id FROM message${suffix} WHERE key IS NOT NULL AND left(key, 100) ~>=~ $1 AND left(key, 100) ~<~ $2
         AND cluster_id = $3 LIMIT ${MAX_A_DAY})`,
    );
    for (const suffix of tables.filter((item) => former.has(item)))
      parts.push(`(SELECT message_id FROM former_ref${suffix} WHERE kind = 'key' AND left(value, 100) ~>=~ $1
         AND left(value, 100) ~<~ $2 AND cluster_id = $3 LIMIT ${MAX_A_DAY})`);
    const { rows } = await store.query<{ id: string }>({
      text: `SELECT id FROM (${parts.join(' UNION ALL ')}) r ORDER BY id DESC LIMIT $4`,
      values: [prefix.slice(0, 100), `${prefix.slice(0, 100)}\u{10ffff}`, clusterId, most],
    });
    return rows.map((row) => row.id);
  };
  const found = await ask([...days.slice(0, NEWEST_DAYS), '_default'], limit);
  return [...found, ...(await ask(days.slice(NEWEST_DAYS), limit - found.length))];
}
