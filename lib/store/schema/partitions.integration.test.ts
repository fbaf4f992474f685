import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { dropPartitions, listDays, makePartitions } from './partitions';

const DAY_MS = 86_400_000;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
});
afterAll(() => database.drop());

it('are made and dropped while tables are read together, in whatever order', async () => {
  const { pool } = database;
  const first = Date.UTC(2031, 0, 1);
  let done = false;
  const problems: unknown[] = [];
  let read = 0;
  const reader = async (text: string) => {
    while (!done) {
      await pool.query(text).catch((error: unknown) => problems.push(error));
      read += 1;
    }
  };
  const readers = [
    'SELECT count(*) FROM delivery d JOIN message m ON m.id = d.message_id JOIN fact f ON f.message_id = m.id',
    'SELECT count(*) FROM message m JOIN ref r ON r.message_id = m.id JOIN body b ON b.message_id = m.id',
    'SELECT count(*) FROM fact f JOIN delivery d ON d.message_id = f.message_id',
  ].map(reader);
  try {
    for (let round = 0; round < 4; round += 1) {
      const made = await makePartitions(pool, first, first + 9 * DAY_MS);
      expect(made).toHaveLength(10);
      expect(await makePartitions(pool, first, first + 9 * DAY_MS)).toEqual([]);
      await dropPartitions(pool, first + 20 * DAY_MS);
    }
  } finally {
    done = true;
    await Promise.all(readers);
  }
  expect(problems.map(String)).toEqual([]);
  expect(read).toBeGreaterThan(10);
});

it('are completed where a kill left some tables of a day without', async () => {
  const { pool } = database;
  const day = Date.UTC(2032, 0, 1);
  await makePartitions(pool, day, day);
  await pool.query('DROP TABLE message_p20320101 CASCADE');
  await pool.query('DROP TABLE body_p20320101');
  expect(await makePartitions(pool, day, day)).toEqual(['20320101']);
  expect(await listDays(pool)).toContain('20320101');
  const { rows } = await pool.query("SELECT to_regclass('body_p20320101') IS NOT NULL AS there");
  expect(rows).toEqual([{ there: true }]);
  expect((await pool.query('SELECT id, status FROM message_read_p20320101')).rows).toEqual([]);
});
