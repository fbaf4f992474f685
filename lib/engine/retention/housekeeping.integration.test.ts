import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { mergeFacts } from '@/lib/store/facts/merge';
import { listDays } from '@/lib/store/schema/partitions';
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
