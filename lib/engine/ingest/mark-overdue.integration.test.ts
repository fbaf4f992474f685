import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { mergeFacts } from '@/lib/store/facts/merge';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import type { Fact } from '@/lib/protocol/fact';
import { makeFact, newId } from '@/lib/testing/facts';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { getMessage } from '@/lib/operations/messages/get';
import { markOverdue } from './mark-overdue';

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

it('marks what waits past its deadline, once, and not what was handled or still has time', async () => {
  const { store, catalog } = context;
  const [group, topic] = [await catalog.groupId('slow'), await catalog.topicId('parcels')];
  await store.query('UPDATE consumer_group SET reports = true');
  await store.query('INSERT INTO subscription (group_id, topic_id, deadline_seconds) VALUES ($1, $2, 60)', [
    group,
    topic,
  ]);
  const now = new Date();
  const publish = async (secondsAgo: number, handled: boolean) => {
    const id = newId();
    const at = new Date(now.getTime() - secondsAgo * 1000).toISOString();
    const position = { topic: 'parcels', partition: 0, offset: String(secondsAgo) };
    const facts: Fact[] = [
      makeFact('committed', id, 0, { at, position, message: { topic: 'parcels', type: 'Packed' } }),
    ];
    if (handled) facts.push(makeFact('handled', id, 0, { at, position, group: 'slow', attempt: 1 }));
    await mergeFacts(store, catalog, { source: 'test', facts, receivedAt: now });
    return id;
  };
  const late = await publish(61, false);
  await publish(59, false);
  await publish(120, true);
  const at = { ...context, now: () => now };
  expect(
    await Promise.all([markOverdue(at), markOverdue(at)]).then((counts) => counts.reduce((a, b) => a + b)),
  ).toBe(1);
  expect(await markOverdue(at)).toBe(0);
  const story = await getMessage.call(context, { id: 1, name: 'mei', role: 'administrator' }, { id: late });
  expect(story.status).toBe('COMMITTED');
  expect(story.detail).toEqual({ kind: 'overdue', since: now.toISOString() });
  expect(story.where[0]).toMatchObject({ kind: 'overdue', group: 'slow' });
});
