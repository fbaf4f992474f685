import { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { recordDeadLetter } from './record';

const OLD = '01a1fe79-f1db-7261-b0ae-31b7f0f0e700';
const NEW = '01a1fe79-f1db-7261-b0ae-31b7f0f0e701';
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  pool = new Pool({ connectionString: database.url });
  await pool.query("INSERT INTO cluster (name, kind, address) VALUES ('one', 'embedded', '')");
  await pool.query("INSERT INTO topic (cluster_id, name) SELECT id, 'courier.dlq.payment' FROM cluster");
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

it('keeps a known letter, and puts in its place what a topic that was made anew has there', async () => {
  const { rows: topics } = await pool.query<{ id: number }>('SELECT id FROM topic');
  const letter = { topicId: topics[0]?.id ?? 0, partition: 0, offset: 7n, groupId: null, dialect: 'courier' };
  const [first, later] = [new Date('2026-11-26T05:00:00Z'), new Date('2026-11-26T06:00:00Z')];
  const known = async () => (await pool.query('SELECT message_id, at FROM dead_letter')).rows as unknown[];

  await recordDeadLetter(pool, { ...letter, messageId: OLD, at: first });
  await recordDeadLetter(pool, { ...letter, messageId: OLD, at: later });
  expect(await known()).toEqual([{ message_id: OLD, at: first }]);
  await recordDeadLetter(pool, { ...letter, messageId: NEW, at: later });
  expect(await known()).toEqual([{ message_id: NEW, at: later }]);
});
