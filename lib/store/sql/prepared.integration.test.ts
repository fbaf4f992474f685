import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createPool } from '@/lib/postgres';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makePartitions, PartitionCatalog } from '../schema/partitions';
import { prepared } from './prepared';
import { COLUMN_FILTERS } from '@/lib/contract/message-filter';
import type { MessageFilter } from '../messages/filter';
import { LAST_ID } from '../messages/filter';
import { listMessages } from '../messages/list';

const DAY_MS = 86_400_000;
const DAYS = 30;
/** All combinations take a while: they are all tried where faults are. */
const EVERY = process.env.FAULTS === 'long' ? 1 : 16;

describe('prepared statements', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    const now = Date.now();
    await makePartitions(database.pool, now - DAYS * DAY_MS, now);
  });
  afterAll(() => database.drop());

  it('keep their number and the memory of a connection, whatever filters people choose', async () => {
    const pool = createPool(database.url, 1, () => undefined);
    const none: MessageFilter = {
      clusterId: 1,
      statuses: [],
      topicId: null,
      topicIds: null,
      groupId: null,
      columns: {},
      error: null,
      ids: null,
      areIdsCut: false,
      shapeIds: null,
      from: null,
      to: null,
    };
    const chosen: Partial<MessageFilter>[] = [
      { statuses: ['HANDLE_FAIL'] },
      { topicId: 1 },
      { groupId: 1 },
      ...COLUMN_FILTERS.map((name) => ({ columns: { [name]: 'x' } })),
      { error: 'E' },
      { from: '00000000-0000-7000-8000-000000000000' },
      { to: LAST_ID },
    ];
    const partitions = new PartitionCatalog(pool);
    try {
      for (let mask = 0; mask < 2 ** chosen.length; mask += EVERY) {
        const filter = chosen.filter((_, bit) => (mask & (1 << bit)) !== 0);
        await listMessages(
          pool,
          partitions,
          {
            ...(Object.assign({}, none, ...filter) as MessageFilter),
            columns: Object.assign({}, ...filter.map(({ columns }) => columns)) as MessageFilter['columns'],
          },
          LAST_ID,
          50,
        );
      }
      const { rows } = await pool.query<{ statements: number; bytes: number }>(
        `SELECT (SELECT count(*)::int FROM pg_prepared_statements) AS statements,
                (SELECT sum(total_bytes)::float8 FROM pg_backend_memory_contexts) AS bytes`,
      );
      expect(rows[0]?.statements).toBeLessThan(50);
      expect(rows[0]?.bytes).toBeLessThan(200_000_000 / (process.env.FAULTS === 'long' ? 1 : 4));
    } finally {
      await pool.end();
    }
  });

  it('have names for the newest days and for DEFAULT', () => {
    const now = Date.UTC(2026, 10, 29);
    expect(prepared('facts', 'fact_p20261129', now)).toEqual({ name: 'facts fact_p20261129' });
    expect(prepared('facts', 'fact_default', now)).toEqual({ name: 'facts fact_default' });
    expect(prepared('facts', 'fact_p20261120', now)).toEqual({});
  });
});
