import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { createPool, type Pool } from '@/lib/postgres';

export interface TestDatabase {
  url: string;
  pool: Pool;
  drop(): Promise<void>;
}

/** Name of the migrated database that tests copy. */
export const TEMPLATE = 'courier_template';

/** A database of its own for one test file, copied from the migrated template. */
export async function createTestDatabase(server: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  const url = withDatabase(server, name);
  const pool = createPool(url, 10, () => undefined);
  return {
    url,
    pool,
    async drop() {
      await pool.end();
      await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** The address of another database of the same server. */
export function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

/** Lets a database take connections or not, and ends those that it has. @param url the database's address */
export async function setReachable(server: string, url: string, isReachable: boolean): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await onServer(server, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${isReachable}`);
  if (!isReachable)
    await onServer(
      server,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    );
}

/** Runs one statement on the server's own connection. */
export async function onServer(server: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
