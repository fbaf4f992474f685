import type { Pool } from 'pg';
import { inTransaction } from '@/lib/postgres';
import { StatusCounts } from '../facts/count-statuses';
import type { Catalog } from '../names/catalog';
import type { FormerDay } from './list';
import { countMoved } from './progress';
import { moveHeld } from './move';

/**
 * Moves some messages of a day into the tables of today, in one transaction: a kill leaves all of them where they were.
 * @param catalogOf the names of a cluster
 * @returns how many were moved; 0 where none is left that is not locked by others
 */
export async function moveSome(
  pool: Pool,
  { suffix }: Pick<FormerDay, 'suffix'>,
  catalogOf: (clusterId: number) => Catalog,
  limit: number,
): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string; cluster_id: number }>(
      `SELECT id, cluster_id FROM former_message${suffix} ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [limit],
    );
    for (const clusterId of [...new Set(rows.map((row) => row.cluster_id))].sort((a, b) => a - b)) {
      const counts = new StatusCounts(clusterId);
      const ids = rows.filter((row) => row.cluster_id === clusterId).map((row) => row.id);
      await moveHeld(client, catalogOf(clusterId), ids, counts);
      await counts.write(client);
    }
    if (rows.length > 0) await countMoved(client, rows.length);
    return rows.length;
  });
}

/** Removes the former tables of a day that has no message in them any more. @returns whether they are gone */
export async function dropFormerDay(pool: Pool, { suffix }: Pick<FormerDay, 'suffix'>): Promise<boolean> {
  const { rows } = await pool.query<{ left: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM former_message${suffix}) AS left`,
  );
  if (rows[0]?.left) return false;
  await pool.query('SELECT make_read_views($1, false)', [suffix]);
  // Each in a transaction of its own, and the messages last, by which the days are known: who holds one whole table while
  // waiting for another waits in a circle with queries that read both.
  for (const table of ['fact', 'ref', 'delivery', 'message'])
    await pool.query(`DROP TABLE IF EXISTS former_${table}${suffix}`);
  return true;
}
