import type { Pool } from 'pg';
import type { Status } from '@/lib/domain/messages/status';
import { floorUuidV7, timeOfUuidV7 } from '@/lib/protocol/uuid';
import { inTransaction, type PoolClient, type Queryable } from '@/lib/postgres';
import { groupBy } from '@/lib/values/group-by';
import { MESSAGES, StatusCounts } from '../facts/count-statuses';
import { listFormerDays } from '../former/list';

/** Tables that are partitioned by message id with the same daily bounds, and their key. */
export const PARTITIONED = {
  message: 'id',
  delivery: 'message_id',
  fact: 'message_id',
  ref: 'message_id',
  send_failure: 'message_id',
  body: 'message_id',
} as const;
export type PartitionedTable = keyof typeof PARTITIONED;
/** What is read of a day: its tables, and the views that have names for their numbers. */
export type DayRelation = PartitionedTable | 'message_read' | 'delivery_read' | 'fact_read';

const DAY_MS = 86_400_000;
/** How long the list of partitions is believed. */
const CATALOG_AGE_MS = 30_000;
/** How long it is believed that a day has no partition: asking again costs little, and few ids are of such a day. */
const UNKNOWN_DAY_AGE_MS = 1_000;

/** `20261121` of the UTC day of a moment. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10).replaceAll('-', '');
}

/**
 * Makes the partitions of the days from `from` to `to` (milliseconds since 1970, both included) that do not exist.
 * Rows of such a day in the DEFAULT partition are moved into the new one first, since they would block its creation.
 * @returns days made now
 */
export async function makePartitions(pool: Pool, from: number, to: number): Promise<string[]> {
  const made: string[] = [];
  const existing = new Set(await listDays(pool));
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day <= to; day += DAY_MS) {
    if (existing.has(dayOf(day))) continue;
    let done = false;
    for (const table of ONE_BY_ONE)
      done = await inPartitionLock(pool, async (client) => {
        if (await isThere(client, `${table}_p${dayOf(day)}`)) return false;
        await makePartition(client, table, day);
        // By its messages a day is known: a reader that finds it finds its views.
        if (table === 'message') await client.query('SELECT make_read_views($1)', [`_p${dayOf(day)}`]);
        return true;
      });
    if (done) made.push(dayOf(day));
  }
  return made;
}

/**
 * Each table in a transaction of its own: who holds one whole table while waiting for another waits in a circle with
 * queries that read both. Messages come last, since by theirs the days are known.
 */
const ONE_BY_ONE: readonly PartitionedTable[] = [
  'fact',
  'ref',
  'send_failure',
  'delivery',
  'body',
  'message',
];

function inPartitionLock<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('courier partitions'))");
    return work(client);
  });
}

async function isThere(client: PoolClient, table: string): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    table,
  ]);
  return rows[0]?.there === true;
}

async function makePartition(client: PoolClient, table: PartitionedTable, day: number): Promise<void> {
  const key = PARTITIONED[table];
  const bounds = [floorUuidV7(day), floorUuidV7(day + DAY_MS)] as const;
  // Both locks at once: a writer between the move and the new partition would put its row into DEFAULT again.
  await client.query(`LOCK TABLE ${table}, ${table}_default IN ACCESS EXCLUSIVE MODE`);
  await client.query(
    `CREATE TEMP TABLE moving_${table} ON COMMIT DROP AS SELECT * FROM ${table}_default WITH NO DATA`,
  );
  await client.query(
    `WITH gone AS (DELETE FROM ${table}_default WHERE ${key} >= $1 AND ${key} < $2 RETURNING *)
     INSERT INTO moving_${table} SELECT * FROM gone`,
    [...bounds],
  );
  await client.query(
    `CREATE TABLE ${table}_p${dayOf(day)} PARTITION OF ${table} FOR VALUES FROM ('${bounds[0]}') TO ('${bounds[1]}')`,
  );
  const { rows } = await client.query<{ columns: string }>(
    `SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema() AND is_generated = 'NEVER'`,
    [table],
  );
  const columns = rows[0]?.columns ?? '';
  await client.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM moving_${table}`);
}

/** Drops the partitions of days before `before`, and rows of DEFAULT that were received before it. @returns days dropped */
export async function dropPartitions(pool: Pool, before: number): Promise<string[]> {
  const old = (await listDays(pool)).filter((day) => day < dayOf(before));
  // Messages last here too: a day that is left half dropped by a kill is found again.
  for (const day of old) {
    await pool.query(READ_VIEWS.map((view) => `DROP VIEW IF EXISTS ${view}_p${day}`).join('; '));
    for (const table of ['fact', 'ref', 'delivery', 'message'])
      await inPartitionLock(pool, (client) => client.query(`DROP TABLE IF EXISTS former_${table}_p${day}`));
    for (const table of ONE_BY_ONE)
      await inPartitionLock(pool, async (client) => {
        if (table === 'message') await dropCounts(client, day);
        await client.query(`DROP TABLE IF EXISTS ${table}_p${day}`);
      });
  }
  await dropDefault(pool, new Date(before));
  return old;
}

const READ_VIEWS = ['message_read', 'delivery_read', 'fact_read'] as const;

async function dropCounts(client: PoolClient, day: string): Promise<void> {
  const bounds = [`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`];
  await client.query(
    "DELETE FROM status_count WHERE hour >= $1::timestamptz AND hour < $1::timestamptz + interval '1 day'",
    bounds,
  );
  await client.query('DELETE FROM day_done WHERE day = $1::timestamptz::date', bounds);
}

/** Messages that are removed from DEFAULT in one transaction. */
const CHUNK = 5_000;

/** Removes what was received before a moment from DEFAULT, and from the counts. */
async function dropDefault(pool: Pool, since: Date): Promise<void> {
  for (;;) {
    const dropped = await inTransaction(pool, async (client) => {
      if (await isThere(client, 'former_message_default')) await dropFormerDefault(client, since);
      const { rows } = await client.query<{ id: string }>(
        'SELECT id FROM message_default WHERE received_at < $1 ORDER BY id LIMIT $2 FOR UPDATE',
        [since, CHUNK],
      );
      const ids = rows.map((row) => row.id);
      if (ids.length > 0) await uncount(client, ids);
      for (const table of ids.length > 0 ? ONE_BY_ONE : [])
        await client.query(`DELETE FROM ${table}_default WHERE ${PARTITIONED[table]} = ANY($1)`, [ids]);
      return ids.length;
    });
    if (dropped < CHUNK) break;
  }
  await pool.query('DELETE FROM fact_default WHERE received_at < $1', [since]);
}

/** Takes messages of DEFAULT, which the transaction holds, out of the counts. */
async function uncount(client: PoolClient, ids: string[]): Promise<void> {
  const { rows } = await client.query<{
    cluster_id: number;
    group_id: number;
    shape_id: number;
    id: string;
    status: Status;
  }>(
    `SELECT s.cluster_id, ${MESSAGES} AS group_id, s.shape_id, m.id, m.status
     FROM message_read_default m JOIN message_default s ON s.id = m.id WHERE s.id = ANY($1)
     UNION ALL
     SELECT m.cluster_id, d.group_id, m.shape_id, m.id, d.status
     FROM delivery_default d JOIN message_default m ON m.id = d.message_id WHERE m.id = ANY($1)`,
    [ids],
  );
  for (const [clusterId, some] of groupBy(rows, (row) => row.cluster_id)) {
    const counts = new StatusCounts(clusterId);
    for (const row of some) counts.add(row.id, row.group_id, row.shape_id, row.status, -1);
    await counts.write(client);
  }
}

async function dropFormerDefault(client: PoolClient, since: Date): Promise<void> {
  await client.query(
    `WITH gone AS (DELETE FROM former_message_default WHERE received_at < $1 RETURNING id),
       facts AS (DELETE FROM former_fact_default WHERE message_id IN (SELECT id FROM gone)),
       deliveries AS (DELETE FROM former_delivery_default WHERE message_id IN (SELECT id FROM gone))
     DELETE FROM former_ref_default WHERE message_id IN (SELECT id FROM gone)`,
    [since],
  );
}

/** Days that have partitions, oldest first, as `20261121`. */
export async function listDays(store: Queryable): Promise<string[]> {
  const { rows } = await store.query<{ day: string }>(
    `SELECT substring(c.relname FROM 'message_p(\\d{8})') AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'message'::regclass AND c.relname ~ '^message_p\\d{8}$' ORDER BY 1`,
  );
  return rows.map((row) => row.day);
}

/** Number of messages in the DEFAULT partition; normally 0. */
export async function countDefault(store: Queryable): Promise<number> {
  const { rows } = await store.query<{ count: number }>('SELECT count(*)::int AS count FROM message_default');
  return rows[0]?.count ?? 0;
}

/** Days from `from` to `to` (milliseconds since 1970, both included) of which DEFAULT has messages. */
export async function daysInDefault(store: Queryable, from: number, to: number): Promise<number[]> {
  const days: number[] = [];
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day <= to; day += DAY_MS) days.push(day);
  const { rows } = await store.query<{ day: string }>({
    name: 'days-in-default',
    text: `SELECT day FROM unnest($1::bigint[], $2::uuid[], $3::uuid[]) AS d (day, low, high)
           WHERE EXISTS (SELECT FROM message_default WHERE id >= low AND id < high)`,
    values: [days, days.map((day) => floorUuidV7(day)), days.map((day) => floorUuidV7(day + DAY_MS))],
  });
  return rows.map((row) => Number(row.day));
}

/** Maps an id to its partition, so that a query names the partition and the planner has nothing to choose. */
export class PartitionCatalog {
  private days: string[] = [];
  private former: ReadonlySet<string> = new Set();
  private readAt = -Infinity;

  constructor(private readonly store: Queryable) {}

  /** Name of the partition of a table that holds an id: the day's, or DEFAULT. */
  async of(table: DayRelation, messageId: string): Promise<string> {
    const day = dayOf(timeOfUuidV7(messageId));
    let days = await this.list();
    // A day that is not listed may have been created a moment ago, together with the move of its rows out of DEFAULT.
    if (!days.includes(day) && performance.now() - this.readAt > UNKNOWN_DAY_AGE_MS) {
      this.forget();
      days = await this.list();
    }
    return days.includes(day) ? `${table}_p${day}` : `${table}_default`;
  }

  /** Ids by the partition of a table that holds them. */
  async split(table: DayRelation, ids: string[]): Promise<Map<string, string[]>> {
    const tables = new Map<string, string[]>();
    for (const id of ids) {
      const name = await this.of(table, id);
      const some = tables.get(name);
      if (some) some.push(id);
      else tables.set(name, [id]);
    }
    return tables;
  }

  /** Days newest first. DEFAULT is not among them; what walks all of them asks it too. */
  async newestFirst(): Promise<string[]> {
    return (await this.list()).toReversed();
  }

  /** Suffixes of the days that still have former tables. */
  async formerDays(): Promise<ReadonlySet<string>> {
    await this.list();
    return this.former;
  }

  /** Whether any day still has former tables. */
  async hasFormer(): Promise<boolean> {
    return (await this.formerDays()).size > 0;
  }

  forget(): void {
    this.readAt = -Infinity;
  }

  private async list(): Promise<string[]> {
    if (performance.now() - this.readAt > CATALOG_AGE_MS) {
      [this.days, this.former] = await Promise.all([listDays(this.store), formerSuffixes(this.store)]);
      this.readAt = performance.now();
    }
    return this.days;
  }
}

async function formerSuffixes(store: Queryable): Promise<Set<string>> {
  const days = await listFormerDays(store);
  return new Set(days.map((day) => day.suffix));
}

/**
 * Runs a query that names a partition, and once more with a fresh list where the partition was dropped or where nothing
 * was found in DEFAULT, because the day's partition may have been made a moment ago.
 */
export async function inPartitionOf<T>(
  catalog: PartitionCatalog,
  messageId: string,
  ask: (name: (table: DayRelation) => string) => Promise<T | null>,
): Promise<T | null> {
  const attempt = async () => {
    const probe = await catalog.of('message', messageId);
    const suffix = probe.slice('message'.length);
    return { found: await ask((table) => `${table}${suffix}`), isDefault: suffix === '_default' };
  };
  try {
    const { found, isDefault } = await attempt();
    if (found !== null || !isDefault) return found;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '42P01')) throw error;
  }
  catalog.forget();
  return (await attempt()).found;
}
