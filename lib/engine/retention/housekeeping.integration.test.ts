import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { mergeFacts } from '@/lib/store/facts/merge';
import { dayOf, listDays } from '@/lib/store/schema/partitions';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { runHousekeeping } from './housekeeping';

const DAY_MS = 86_400_000;
let database: TestDatabase;
let context: Context;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  context = await buildContext(
    readSettings({ COURIER_RETENTION_DAYS: '7' }),
    database.url,
    createLog('silent'),
  );
});
afterAll(async () => {
  await closeContext(context);
  await database.drop();
});

it('makes days ahead, gives late messages their day, and drops what has served its time', async () => {
  const now = Date.now();
  expect((await runHousekeeping(context)).made).toBe(4);
  const merge = (id: string) =>
    mergeFacts(context.store, context.catalog, {
      source: 'test',
      receivedAt: new Date(),
      facts: [makeFact('committed', id, 0)],
    });
  const late = newId(now - 3 * DAY_MS);
  await merge(late);
  expect(await runHousekeeping(context)).toMatchObject({ made: 1, inDefault: 0 });
  const rows = async () =>
    (await context.store.query('SELECT 1 FROM message WHERE id = $1', [late])).rowCount;
  expect(await rows()).toBe(1);

  // The indexes of a day that is over are made anew, once, also behind a reindexing that was killed.
  const day = `message_p${dayOf(now - 3 * DAY_MS)}`;
  const indexes = async () =>
    (
      await context.store.query<{ name: string; valid: boolean }>(
        `SELECT c.relname AS name, i.indisvalid AS valid, c.relfilenode AS file FROM pg_index i
         JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = $1::regclass ORDER BY 1`,
        [day],
      )
    ).rows;
  const before = await indexes();
  await context.store.query("DELETE FROM day_done WHERE day = to_date($1, 'YYYYMMDD')", [day.slice(-8)]);
  await context.store.query(`CREATE INDEX ${day}_segment_idx_ccnew ON ${day} (segment)`);
  await context.store.query(
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = ($1 || '_segment_idx_ccnew')::regclass",
    [day],
  );
  await runHousekeeping(context);
  const after = await indexes();
  expect(after.map(({ name, valid }) => ({ name, valid }))).toEqual(
    before.map(({ name }) => ({ name, valid: true })),
  );
  expect(after).not.toEqual(before);
  await runHousekeeping(context);
  expect(await indexes()).toEqual(after);

  await context.broker.createTopics([{ name: 'kept', partitions: 1 }]);
  await context.broker.publish([{ topic: 'kept', partition: 0, key: null, value: null, headers: [] }]);
  const later = { ...context, now: () => new Date(now + 10 * DAY_MS) };
  expect((await runHousekeeping(later)).dropped).toBeGreaterThanOrEqual(4);
  expect(await rows()).toBe(0);
  expect((await listDays(context.store)).length).toBeGreaterThanOrEqual(4);
  expect((await context.broker.logEnds(['kept'])).known).toEqual([
    { topic: 'kept', partition: 0, start: 1n, end: 1n },
  ]);
});
