import type { Status } from '@/lib/domain/messages/status';
import { daysWithin } from './list';
import type { PartitionCatalog } from '../schema/partitions';
import { inTransaction } from '@/lib/postgres';
import type { Pool } from 'pg';
import { filterSql, type MessageFilter } from './filter';

export interface StatusCount {
  /** Number of the step, 0 first. */
  step: number;
  status: Status;
  count: number;
}

/**
 * How many messages of a filter were made in each step of a span, by status.
 * @param filter with `from` and `to`
 * @param from milliseconds since 1970
 * @returns null when counting took longer than allowed
 */
export async function countByStep(
  pool: Pool,
  partitions: PartitionCatalog,
  filter: MessageFilter & { from: string; to: string },
  from: number,
  stepMs: number,
  mostMs: number,
): Promise<StatusCount[] | null> {
  const days = daysWithin(await partitions.newestFirst(), filter.from, filter.to);
  const counts = new Map<string, StatusCount>();
  try {
    await inTransaction(pool, async (client) => {
      await client.query(`SET LOCAL statement_timeout = ${Math.trunc(mostMs)}`);
      for (const suffix of [...days.map((day) => `_p${day}`), '_default']) {
        const sql = filterSql(filter, suffix, [from, stepMs]);
        // The time of an id is in its first 48 bits; reading it there needs no other column than the key.
        const made = `('x' || substr(replace(${sql.id}::text, '-', ''), 1, 12))::bit(48)::bigint`;
        const { rows } = await client.query<StatusCount>(
          `SELECT floor((${made} - $1::bigint)::numeric / $2::bigint)::int AS step, ${sql.status} AS status, count(*)::int AS count
           FROM ${sql.from} WHERE ${sql.where.join(' AND ')} GROUP BY 1, 2`,
          sql.values,
        );
        for (const row of rows) {
          const key = `${row.step} ${row.status}`;
          const known = counts.get(key);
          counts.set(key, known ? { ...known, count: known.count + row.count } : row);
        }
      }
    });
  } catch (error) {
    // 57014: the statement was ended because it took too long.
    if (error instanceof Error && 'code' in error && error.code === '57014') return null;
    throw error;
  }
  return [...counts.values()];
}
