import type { Pool } from 'pg';
import { listFormerDays } from '../former/list';
import { dayOf, listDays } from './partitions';

const DAY_MS = 86_400_000;
/** How long a day is over before its indexes are made anew: late facts have arrived by then. */
const OVER_MS = 6 * 3_600_000;
const TABLES = ['message', 'delivery', 'fact', 'ref'] as const;

/**
 * Makes the indexes of one day that is over anew, without locking readers or writers out: several ascending runs that grew into
 * each other leave their pages half full. Each day once.
 * @param now milliseconds since 1970
 * @returns the day, as `20261121`; null where there is none left
 */
export async function reindexOneDay(pool: Pool, now: number): Promise<string | null> {
  const [days, former, { rows }] = await Promise.all([
    listDays(pool),
    listFormerDays(pool),
    pool.query<{ day: string }>(
      "SELECT to_char(day, 'YYYYMMDD') AS day FROM day_done WHERE reindexed_at IS NOT NULL",
    ),
  ]);
  const done = new Set(rows.map((row) => row.day));
  const moving = new Set(former.map((day) => day.suffix.slice(2)));
  const last = dayOf(now - OVER_MS - DAY_MS);
  const day = days.find((item) => item <= last && !done.has(item) && !moving.has(item));
  if (day === undefined) return null;
  for (const table of TABLES) {
    await dropInvalid(pool, `${table}_p${day}`);
    await pool.query(`REINDEX TABLE CONCURRENTLY ${table}_p${day}`);
  }
  await pool.query(
    `INSERT INTO day_done (day, reindexed_at) VALUES (to_date($1, 'YYYYMMDD'), now())
     ON CONFLICT (day) DO UPDATE SET reindexed_at = excluded.reindexed_at`,
    [day],
  );
  return day;
}

/** Removes what a reindexing that was killed left behind: indexes that are not used and that every write keeps up. */
async function dropInvalid(pool: Pool, table: string): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
     WHERE i.indrelid = to_regclass($1) AND NOT i.indisvalid AND c.relname ~ '_cc(new|old)\\d*$'`,
    [table],
  );
  for (const { name } of rows) await pool.query(`DROP INDEX CONCURRENTLY IF EXISTS "${name}"`);
}
