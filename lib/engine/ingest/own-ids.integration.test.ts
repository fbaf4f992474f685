import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import type { TopicPolicy } from '@/lib/store/topics/topics';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { buildContexts, closeContext, type Actor, type Context } from '@/lib/context/context';
import { getMessage } from '@/lib/operations/messages/get';
import { readPayload } from '@/lib/operations/messages/read-payload';
import { searchMessages } from '@/lib/operations/messages/search';
import { indexRecords } from './index-records';
import { idOnCluster } from '@/lib/protocol/derived-ids';
import { recordFacts } from './record';
import { parseBatch } from './record';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };
const TOPIC = 'orders';

describe('a message whose topic is mirrored to another cluster under the same name', () => {
  let database: TestDatabase;
  let contexts: Context[];
  let main: Context;
  let copy: Context;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    const settings = readSettings({ COURIER_BROKERS: 'main=kafka://127.0.0.1:9;copy=embedded:' });
    contexts = await buildContexts(settings, database.url, createLog('silent'));
    [main, copy] = contexts as [Context, Context];
    await copy.broker.createTopics([{ name: TOPIC, partitions: 1 }]);
  });
  afterAll(async () => {
    await closeContext(...contexts);
    await database.drop();
  });

  const record = (context: Context, ...facts: object[]) =>
    recordFacts(context, parseBatch({ v: 1, service: 's', host: 'h', facts }).facts, { source: 'test' });
  const committed = (id: string, offset = '700') =>
    makeFact('committed', id, 0, {
      position: { topic: TOPIC, partition: 0, offset },
      message: { topic: TOPIC, type: 'OrderPaid' },
    });
  const handled = (id: string, group: string) => makeFact('handled', id, 1, { group, attempt: 1 });
  const storyOn = async (context: Context, id: string) => {
    const { id: own, deliveries, positions, status } = await getMessage.call(context, mei, { id });
    return { own, groups: deliveries.map((delivery) => delivery.group), places: positions.length, status };
  };

  it('has a story on each, which the other does not touch, and both are found by its id', async () => {
    const id = newId();
    await record(main, committed(id), handled(id, 'payment'));
    const headers: [string, Buffer][] = [
      ['courier-id', Buffer.from(id)],
      ['courier-topic', Buffer.from(TOPIC)],
    ];
    await copy.broker.publish([
      { topic: TOPIC, partition: 0, key: null, value: Buffer.from('"mirrored"'), headers },
    ]);
    const [answer] = await copy.broker.fetch([{ topic: TOPIC, partition: 0, offset: 0n }], {
      maxBytes: 1,
      waitMs: 0,
    });
    const policy = { bodyPolicy: 'all', idHeaders: [] as string[] } as TopicPolicy;
    const batch = {
      topic: TOPIC,
      partition: 0,
      records: answer?.records ?? [],
      incarnation: 'x',
      claim: () => Promise.resolve(),
    };
    // As often as it is read: always the same message.
    for (let reading = 0; reading < 2; reading += 1) await indexRecords(copy, [batch], () => policy, null);
    await record(copy, handled(id, 'reports'));

    const own = idOnCluster('copy', id);
    expect(await storyOn(main, id)).toEqual({ own: id, groups: ['payment'], places: 1, status: 'HANDLED' });
    expect(await storyOn(copy, id)).toEqual({ own, groups: ['reports'], places: 1, status: 'HANDLED' });
    for (const [context, found] of [
      [main, id],
      [copy, own],
    ] as const)
      expect((await searchMessages.call(context, mei, { text: id })).hits.map((hit) => hit.id)).toEqual([
        found,
      ]);
    expect(await readPayload.call(copy, mei, { id: own })).toMatchObject({
      from: 'broker',
      payload: { text: '"mirrored"' },
    });
  });

  it('has them also where both clusters tell of it at the same time', async () => {
    const ids = Array.from({ length: 50 }, () => newId());
    for (const context of contexts) context.catalog.meetsOthers = false;
    await Promise.all(contexts.map((context) => record(context, ...ids.map((id) => committed(id)))));
    for (const id of ids)
      for (const context of contexts)
        expect(await storyOn(context, id)).toMatchObject({ places: 1, status: 'COMMITTED' });
  });
});
