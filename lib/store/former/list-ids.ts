import type { Queryable } from '@/lib/postgres';
import type { MessageFilter } from '../messages/filter';
import type { PartitionCatalog } from '../schema/partitions';
import { formerFilter } from './filter';

/** Ids of the newest messages of a filter that are in the former tables. */
export async function listFormerIds(
  store: Queryable,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  [from, to]: readonly [string, string],
  limit: number,
): Promise<string[]> {
  const found: string[] = [];
  for (const suffix of await formerSuffixes(partitions)) {
    const sql = formerFilter({ ...filter, from, to }, suffix, [limit]);
    const { rows } = await store.query<{ id: string }>(
      `SELECT ${sql.id} AS id FROM ${sql.from} WHERE ${sql.where.join(' AND ')} ORDER BY ${sql.id} DESC LIMIT $1`,
      sql.values,
    );
    found.push(...rows.map((row) => row.id));
    if (suffix !== '_default' && found.length >= limit) break;
  }
  return found;
}

/** Suffixes of the days that have former tables: DEFAULT, which has ids of any time, then the newest days. */
export async function formerSuffixes(partitions: PartitionCatalog): Promise<string[]> {
  const days = [...(await partitions.formerDays())].sort().reverse();
  return [...days.filter((day) => day === '_default'), ...days.filter((day) => day !== '_default')];
}
