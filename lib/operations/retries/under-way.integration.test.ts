import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { putOperator } from '@/lib/store/operators/operators';
import { makePartitions } from '@/lib/store/schema/partitions';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFailedMessage } from '@/lib/testing/failed-message';
import { publishTest } from '../topics/publish-test';
import { createRetry } from './create';
import { followSent } from '@/lib/engine/sending/follow';
import { sendDue } from '@/lib/engine/sending/send';
import { isAnythingOpen } from '@/lib/store/retries/open';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };
let database: TestDatabase;
let context: Context;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  const settings = readSettings({ COURIER_DATABASE_URL: database.url, COURIER_BROKERS: 'embedded:' });
  context = await buildContext(settings, database.url, createLog('error'));
  await makePartitions(context.store, Date.now(), Date.now());
  await putOperator(context.store, {
    name: 'mei',
    folded: 'mei',
    passwordHash: 'none',
    role: 'administrator',
  });
});
afterAll(async () => {
  await closeContext(context);
  await database.drop();
});

it('is under way from the click on until the last item has ended, and so is a test message', async () => {
  const message = await makeFailedMessage(context, 'way.orders', 'way.payment');
  expect(await isAnythingOpen(context.store, context.cluster.id)).toBe(false);

  await createRetry.call(context, mei, { selected: { messageId: message.id, groups: [message.group] } });
  expect(await isAnythingOpen(context.store, context.cluster.id)).toBe(true);
  await sendDue(context, { leaseSeconds: 30, reconcileSeconds: 30 }, () => undefined);
  expect(await isAnythingOpen(context.store, context.cluster.id)).toBe(true);
  await context.store.query("UPDATE retry_item SET state = 'HANDLED', ended_at = now()");
  await followSent(context);
  expect(await isAnythingOpen(context.store, context.cluster.id)).toBe(false);

  await publishTest.call(context, mei, { topic: 'way.orders', key: null, headers: [], payload: '{}' });
  expect(await isAnythingOpen(context.store, context.cluster.id)).toBe(true);
  await sendDue(context, { leaseSeconds: 30, reconcileSeconds: 30 }, () => undefined);
  await followSent(context);
  expect(await isAnythingOpen(context.store, context.cluster.id)).toBe(false);
});
