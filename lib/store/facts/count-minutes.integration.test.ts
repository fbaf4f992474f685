import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { createLog } from '@/lib/log';
import { newUuidV7 } from '@/lib/protocol/uuid';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact } from '@/lib/testing/facts';
import { mergeFacts } from './merge';

let database: TestDatabase;
let context: Context;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  context = await buildContext(readSettings({}), database.url, createLog('silent'));
});
afterAll(async () => {
  await closeContext(context);
  await database.drop();
});

const merge = (...facts: ReturnType<typeof makeFact>[]) =>
  mergeFacts(context.store, context.catalog, { source: 'intake', receivedAt: new Date(), facts });
const handled = async () =>
  (
    await context.store.query<{ what: string; count: number }>(
      `SELECT what, sum(count)::int AS count FROM minute_count WHERE what LIKE 'handled %' GROUP BY what ORDER BY what`,
    )
  ).rows;

it('counts the time to handled from when the message was sent, also for a receiver that does not name it', async () => {
  const sentAt = new Date(Date.now() - 60_000).toISOString();
  const after = (ms: number) => new Date(Date.parse(sentAt) + ms).toISOString();
  const [known, together, unknown] = [newUuidV7(), newUuidV7(), newUuidV7()];
  const message = { topic: 'orders', sentAt };
  await merge(makeFact('committed', known, 1, { at: sentAt, message }));
  await merge(makeFact('handled', known, 2, { at: after(51), group: 'billing' }));
  expect(await handled()).toEqual([{ what: 'handled 100', count: 1 }]);
  await merge(
    makeFact('committed', together, 1, { at: sentAt, message }),
    makeFact('handled', together, 2, { at: after(60), group: 'billing' }),
  );
  expect(await handled()).toEqual([{ what: 'handled 100', count: 2 }]);
  await merge(makeFact('handled', unknown, 2, { at: after(60), group: 'billing' }));
  expect(await handled(), 'sent nobody knows when').toEqual([{ what: 'handled 100', count: 2 }]);
});
