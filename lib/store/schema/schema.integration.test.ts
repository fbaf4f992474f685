import { readdirSync, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate } from './migrate';
import { checkSchemaVersion, SCHEMA_VERSION } from './schema-version';
import { createTestDatabase, onServer, withDatabase, type TestDatabase } from '@/lib/testing/database';

const TYPES: Record<string, string> = {
  int2: 'Int',
  int4: 'Int',
  int8: 'BigInt',
  text: 'String',
  _text: 'String[]',
  _int4: 'Int[]',
  uuid: 'String',
  timestamptz: 'DateTime',
  date: 'DateTime',
  jsonb: 'Json',
  json: 'Json',
  bytea: 'Bytes',
  bool: 'Boolean',
  float8: 'Float',
};

/** Tables and columns as prisma/schema.prisma has them: `table.column Type?`. */
function described(): string[] {
  const text = readFileSync('prisma/schema.prisma', 'utf8');
  return [...text.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].flatMap(([, body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    return [...body.matchAll(/^ {2}(\w+)\s+([\w[\]]+\??)(.*)$/gm)].map(
      ([, name = '', type = '', rest = '']) =>
        `${table}.${/@map\("(\w+)"\)/.exec(rest)?.[1] ?? name} ${type}`,
    );
  });
}

describe('the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
  });
  afterAll(() => database.drop());

  it('in prisma/schema.prisma describes every table of the migrated database as it is', async () => {
    const { rows } = await database.pool.query<{
      table_name: string;
      column_name: string;
      udt_name: string;
      is_nullable: string;
    }>(
      `SELECT c.table_name, c.column_name, c.udt_name, c.is_nullable FROM information_schema.columns c
       JOIN pg_class t ON t.oid = quote_ident(c.table_name)::regclass
       WHERE c.table_schema = 'public' AND NOT t.relispartition AND c.table_name <> '_prisma_migrations'
         AND t.relkind <> 'v' AND c.table_name !~ '^former_(message|delivery|fact|ref)$'`,
    );
    const real = rows.map((row) => {
      const type = TYPES[row.udt_name] ?? row.udt_name;
      return `${row.table_name}.${row.column_name} ${type}${row.is_nullable === 'YES' && !type.endsWith('[]') ? '?' : ''}`;
    });
    expect(described().sort()).toEqual(real.sort());
  });

  it('is migrated once by processes that start at once, and a changed file is refused', async () => {
    const server = inject('postgres');
    const name = `fresh_${Date.now().toString(36)}`;
    await onServer(server, `CREATE DATABASE ${name}`);
    const url = withDatabase(server, name);
    const applied = await Promise.all([1, 2, 3].map(() => migrate(url, 'prisma/migrations')));
    const all = readdirSync('prisma/migrations', { withFileTypes: true }).filter((item) =>
      item.isDirectory(),
    );
    expect(applied.map((list) => list.length).sort((a, b) => a - b)).toEqual([0, 0, all.length]);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ steps: number }>(
      'SELECT applied_steps_count AS steps FROM "_prisma_migrations" WHERE finished_at IS NOT NULL',
    );
    expect(rows).toEqual(all.map(() => ({ steps: 1 })));
    expect(
      all
        .map((entry) => entry.name)
        .sort()
        .at(-1),
    ).toBe(SCHEMA_VERSION);
    await checkSchemaVersion(client);
    await client.query(
      'UPDATE "_prisma_migrations" SET migration_name = \'29991231_newer\' WHERE migration_name = $1',
      [SCHEMA_VERSION],
    );
    await expect(migrate(url, 'prisma/migrations')).rejects.toMatchObject({ code: 'schema_newer' });
    await expect(checkSchemaVersion(client)).rejects.toThrow(/migrated by a newer Courier \(29991231_newer/);
    await client.query('DELETE FROM "_prisma_migrations" WHERE migration_name = \'29991231_newer\'');
    await expect(checkSchemaVersion(client)).rejects.toMatchObject({ code: 'schema_older' });
    await client.query('UPDATE "_prisma_migrations" SET checksum = \'0\'');
    await expect(migrate(url, 'prisma/migrations')).rejects.toThrow(/was changed after it was applied/);
    await client.end();
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  });
});
