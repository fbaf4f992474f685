import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { CourierError, sentenceOf } from '@/lib/errors';

/** The id of the advisory lock that Prisma's own engine takes while it migrates. */
const PRISMA_LOCK = 72707369;

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/**
 * Applies the migrations of a folder in Prisma's format that the database does not have yet, and writes Prisma's own
 * table, so that Prisma's tools and this runner agree on what was applied. Any number of processes may call it at once.
 * @returns names of the migrations that were applied now
 * @throws CourierError conflict when an earlier migration failed half way or an applied file was changed, schema_newer
 * when the database has migrations that the folder does not have yet
 */
export async function migrate(url: string, folder: string): Promise<string[]> {
  const migrations = readMigrations(folder);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that breaks is an event beside the failed query; unheard it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(`CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
      id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
      migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
      started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`);
    const applied = await readApplied(client);
    const newest = [...applied.keys()].sort().at(-1) ?? '';
    if (newest > (migrations.at(-1)?.name ?? '')) {
      throw new CourierError(
        'schema_newer',
        `The tracking store was migrated by a newer Courier (${newest}). Start that release: there is no way back, except for a backup.`,
      );
    }
    const pending = migrations.filter((migration) => isPending(migration, applied));
    for (const migration of pending) await apply(client, migration);
    return pending.map((migration) => migration.name);
  } finally {
    // Ending the session gives the lock back too.
    await client.end();
  }
}

/** The migrations of a folder in the order of their names. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8').replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function readApplied(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
  );
  const failed = rows.find((row) => row.finished_at === null);
  if (failed) {
    throw new CourierError(
      'conflict',
      `The migration ${failed.migration_name} failed earlier and was left half way; the logs column of "_prisma_migrations" says why. Mend the database, then set rolled_back_at on that row.`,
    );
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function isPending(migration: Migration, applied: Map<string, string>): boolean {
  const checksum = applied.get(migration.name);
  if (checksum !== undefined && checksum !== migration.checksum) {
    throw new CourierError(
      'conflict',
      `The migration ${migration.name} was changed after it was applied (checksum ${checksum} applied, ${migration.checksum} on disk). Restore the file; write a new migration for a change.`,
    );
  }
  return checksum === undefined;
}

/** Applies a migration and records it in one transaction: a process that is killed in it leaves nothing behind. */
async function apply(client: Client, migration: Migration): Promise<void> {
  const row = [randomUUID(), migration.checksum, migration.name];
  try {
    await client.query('BEGIN');
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, applied_steps_count, finished_at)
       VALUES ($1, $2, $3, 1, now())`,
      row,
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    // As in Prisma, a person examines a failed migration before another attempt.
    await client.query(
      'INSERT INTO "_prisma_migrations" (id, checksum, migration_name, logs) VALUES ($1, $2, $3, $4)',
      [...row, sentenceOf(error)],
    );
    throw error;
  }
}
