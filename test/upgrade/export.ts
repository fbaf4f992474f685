import { writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** First line of an export: everything but the rows. */
export interface Manifest {
  /** Migrations that the database has, oldest first. */
  migrations: { name: string; checksum: string }[];
  /** Partitions beside DEFAULT, as they are made again. */
  partitions: string[];
  /** Where identities go on. */
  sequences: { name: string; last: string }[];
}

/** Ends the rows of a table, as in files of psql: no row of a COPY has this form. */
export const END_OF_ROWS = '\\.';

const MIGRATIONS = '_prisma_migrations';

/**
 * Writes a database of Courier into a file that `restore` reads: which migrations it has, its partitions, and the rows of
 * every table as COPY gives them, so that an export of one PostgreSQL goes into any other.
 * @param url of the database, which must have no writers meanwhile
 */
export async function exportDatabase(url: string, file: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const manifest = await readManifest(client);
    const parts = [`${JSON.stringify(manifest)}\n`];
    for (const { name, columns } of await readTables(client)) {
      const rows = await text(client.query(copyTo(`COPY ${name} (${columns}) TO STDOUT`)));
      parts.push(`${name} (${columns})\n`, rows, `${END_OF_ROWS}\n`);
    }
    writeFileSync(file, gzipSync(parts.join(''), { level: 9 }));
  } finally {
    await client.end();
  }
}

async function readManifest(client: Client): Promise<Manifest> {
  const { rows: migrations } = await client.query<Manifest['migrations'][number]>(
    `SELECT migration_name AS name, checksum FROM "${MIGRATIONS}"
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  const { rows: partitions } = await client.query<{ ddl: string }>(
    `SELECT format('CREATE TABLE %I PARTITION OF %I %s', c.relname, p.relname, pg_get_expr(c.relpartbound, c.oid)) AS ddl
     FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
     WHERE c.relispartition AND c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
       AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
     ORDER BY c.relkind, c.relname`,
  );
  const { rows: sequences } = await client.query<Manifest['sequences'][number]>(
    `SELECT quote_ident(sequencename) AS name, last_value::text AS last FROM pg_sequences
     WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1`,
  );
  return { migrations, partitions: partitions.map(({ ddl }) => ddl), sequences };
}

interface Table {
  name: string;
  columns: string;
}

/** Tables with rows of their own and their columns that are not generated, referenced tables before referring ones. */
async function readTables(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { refers: string[] }>(
    `SELECT quote_ident(c.relname) AS name,
       (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
       ARRAY(SELECT DISTINCT quote_ident(f.relname) FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
             WHERE k.conrelid = c.oid AND k.contype = 'f' AND f.oid <> c.oid) AS refers
     FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> $1
     ORDER BY c.relname COLLATE "C"`,
    [MIGRATIONS],
  );
  const byName = new Map(rows.map((row) => [row.name, row]));
  const ordered = new Map<string, Table>();
  const add = (name: string) => {
    const row = byName.get(name);
    if (!row || ordered.has(name)) return;
    byName.delete(name);
    row.refers.forEach(add);
    ordered.set(name, row);
  };
  rows.forEach(({ name }) => add(name));
  return [...ordered.values()];
}
