import { floorUuidV7 } from '@/lib/protocol/uuid';
import type { PoolClient } from '@/lib/postgres';
import type { CountedSpan, StatusCount } from '../messages/count';
import { FIRST_ID, type MessageFilter } from '../messages/filter';
import type { PartitionCatalog } from '../schema/partitions';
import { formerFilter } from './filter';
import { formerSuffixes } from './list-ids';

/** What `countByStep` counts, of the messages that are in the former tables. */
export async function countFormer(
  client: PoolClient,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  { from, to, begin, stepMs }: CountedSpan,
): Promise<StatusCount[]> {
  // Former messages have no shapes.
  if (filter.shapeIds !== null) return [];
  const counts: StatusCount[] = [];
  const range = { from: from <= 0 ? FIRST_ID : floorUuidV7(from), to: floorUuidV7(to) };
  for (const suffix of await formerSuffixes(partitions)) {
    const sql = formerFilter({ ...filter, ...range }, suffix, [begin, stepMs]);
    const made = `('x' || substr(replace(${sql.id}::text, '-', ''), 1, 12))::bit(48)::bigint`;
    const { rows } = await client.query<StatusCount>(
      `SELECT floor((${made} - $1::bigint)::numeric / $2::bigint)::int AS step, ${sql.status} AS status, count(*)::int AS count
       FROM ${sql.from} WHERE ${sql.where.join(' AND ')} GROUP BY 1, 2`,
      sql.values,
    );
    counts.push(...rows);
  }
  return counts;
}
