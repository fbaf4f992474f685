import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { migrate, readMigrations } from '@/lib/store/schema/migrate';
import { onServer, withDatabase } from '@/lib/testing/database';
import { END_OF_ROWS, type Manifest } from './export';

export interface RestoredDatabase {
  url: string;
  drop(): Promise<void>;
}

const MIGRATIONS = path.resolve('prisma/migrations');

/**
 * Makes a database of a file that `exportDatabase` wrote, as it was: with the migrations that it had and no newer one.
 * @param server address of a PostgreSQL
 * @throws Error when a migration that it had is gone or was changed since
 */
export async function restore(server: string, file: string): Promise<RestoredDatabase> {
  const content = gunzipSync(readFileSync(file)).toString();
  const begin = content.indexOf('\n') + 1;
  const manifest = JSON.parse(content.slice(0, begin)) as Manifest;
  const folder = migrationsOf(manifest);
  const name = `restored_${randomBytes(6).toString('hex')}`;
  const url = withDatabase(server, name);
  const drop = () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  await onServer(server, `CREATE DATABASE ${name}`);
  try {
    await migrate(url, folder);
    await fill(url, manifest, content.slice(begin));
  } catch (error) {
    await drop();
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { url, drop };
}

/** A folder with the migrations that a database had, and none besides. */
function migrationsOf(manifest: Manifest): string {
  const now = new Map(readMigrations(MIGRATIONS).map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of manifest.migrations) {
    const found = now.get(name);
    if (found === checksum) continue;
    throw new Error(
      found === undefined
        ? `The migration ${name} was released and is gone. Put it back; a change needs a new migration.`
        : `The migration ${name} was changed after its release (checksum ${checksum} then, ${found} now). Restore the file; a change needs a new migration.`,
    );
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'courier-migrations-'));
  for (const { name } of manifest.migrations) {
    mkdirSync(path.join(folder, name));
    cpSync(path.join(MIGRATIONS, name), path.join(folder, name), { recursive: true });
  }
  return folder;
}

async function fill(url: string, manifest: Manifest, content: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    for (const ddl of manifest.partitions) await client.query(ddl);
    const tables = tablesOf(content);
    // What a migration wrote into its tables is part of the export as well.
    await client.query(`TRUNCATE ${tables.map(({ into }) => into.split(' ')[0]).join(', ')} CASCADE`);
    for (const { into, rows } of tables)
      if (rows !== '')
        await pipeline(Readable.from([rows]), client.query(copyFrom(`COPY ${into} FROM STDIN`)));
    for (const { name, last } of manifest.sequences)
      await client.query('SELECT setval($1::regclass, $2)', [name, last]);
    // What was under way when Courier was stopped is so yesterday, however old the file is: an answer is awaited for a day.
    await client.query(
      "UPDATE retry_item SET sent_at = now() - interval '1 hour' WHERE ended_at IS NULL AND sent_at < now() - interval '1 hour'",
    );
    await client.query('COMMIT');
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
}

/** Tables with their columns, and their rows as COPY reads them. */
function tablesOf(content: string): { into: string; rows: string }[] {
  return content
    .split(`\n${END_OF_ROWS}\n`)
    .filter((part) => part !== '')
    .map((part) => {
      const [into = ''] = part.split('\n', 1);
      return { into, rows: part === into ? '' : `${part.slice(into.length + 1)}\n` };
    });
}
