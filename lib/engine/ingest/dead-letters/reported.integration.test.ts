import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { createLog } from '@/lib/log';
import { getMessage } from '@/lib/operations/messages/get';
import { listAllMessages } from '@/lib/operations/messages/list';
import { listDeadLetterTopics } from '@/lib/operations/topics/list-dead-letters';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { TopicFollower } from '../follow-topics';
import { indexRecords } from '../index-records';
import { parseBatch, recordFacts } from '../record';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };
const error = { type: 'E', message: 'no' };
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

const report = (...facts: object[]) =>
  recordFacts(context, parseBatch({ v: 1, service: 's', host: 'h', facts }).facts, { source: 'test' });
const send = (topic: string, key: string) =>
  context.broker.publish([
    { topic, partition: 0, key: Buffer.from(key), value: Buffer.from('{}'), headers: [] },
  ]);
/** Reads what is new on a topic as the topic index does. */
const index = async (name: string) => {
  const follower = new TopicFollower(context, 'topic index', (topic) => topic === name);
  await follower.refresh();
  for (;;) {
    const batches = await follower.read(0, 1_000_000);
    if (batches.length === 0) return;
    await indexRecords(
      context,
      batches,
      () => ({
        id: 0,
        name,
        indexed: true,
        idHeaders: [],
        bodyPolicy: 'all',
        firstSeenAt: new Date(),
        goneAt: null,
      }),
      null,
    );
  }
};
const onTopic = async (topic: string) => {
  const list = await listAllMessages.call(context, mei, { topic });
  const { rows } = await context.store.query<{ count: number }>(
    `SELECT coalesce(sum(c.count), 0)::int AS count FROM status_count c JOIN shape s ON s.id = c.shape_id
     JOIN topic t ON t.id = s.topic_id WHERE c.group_id = 0 AND t.name = $1`,
    [topic],
  );
  return { rows: list.rows.map((row) => row.id), count: rows[0]?.count };
};
const newPair = async (name: string) => {
  const [own, letters] = [name, `${name}-graveyard`];
  await context.broker.createTopics([own, letters].map((topic) => ({ name: topic, partitions: 1 })));
  const id = newId();
  await report(
    makeFact('committed', id, 0, {
      position: { topic: own, partition: 0, offset: '0' },
      message: { topic: own },
    }),
  );
  const gaveUp = makeFact('handle_failed', id, 1, {
    group: 'billing',
    attempt: 1,
    error,
    position: { topic: own, partition: 0, offset: '0' },
    gaveUp: { to: { topic: letters, partition: 0, offset: '0' } },
  });
  return { id, letters, gaveUp };
};

it.each(['reads the record first', 'is told first'])(
  'makes no message of a record that a service names as a dead letter, where the index %s',
  async (order) => {
    const { id, letters, gaveUp } = await newPair(order.replaceAll(' ', '.'));
    const steps = [
      async () => {
        await send(letters, 'order-1');
        await index(letters);
      },
      () => report(gaveUp),
    ];
    for (const step of order === 'is told first' ? steps.toReversed() : steps) await step();

    expect(await onTopic(letters)).toEqual({ rows: [], count: 0 });
    const story = await getMessage.call(context, mei, { id });
    expect(story.copies).toBe(1);
    expect(story.positions.map(({ text, role }) => [text, role])).toEqual([
      [expect.stringMatching(/0\/0$/), 'message'],
      [`${letters}/0/0`, 'dead_letter'],
    ]);
    const { rows } = await listDeadLetterTopics.call(context, mei, {});
    expect(rows.find((row) => row.name === letters)).toMatchObject({
      group: 'billing',
      records: 1,
    });

    await send(letters, 'of its own');
    await index(letters);
    expect((await onTopic(letters)).count, 'what nobody names is a message').toBe(1);
  },
);

it('keeps a message that a service reports', async () => {
  const { letters, gaveUp } = await newPair('kept');
  await send(letters, 'order-1');
  await index(letters);
  const [read] = (await onTopic(letters)).rows;
  await report(makeFact('handled', read ?? '', 1, { group: 'cleaner', attempt: 1 }));
  await report(gaveUp);
  expect(await onTopic(letters)).toEqual({ rows: [read], count: 1 });
});

it('reads the messages of a topic that was made anew, whatever was a dead letter at their places', async () => {
  const { letters, gaveUp } = await newPair('anew');
  await report(gaveUp);
  await context.store.query(
    `INSERT INTO source_cursor (source, topic_id, partition, incarnation, next_offset)
     SELECT 'topic index', id, 0, 'the former', 1 FROM topic WHERE name = $1`,
    [letters],
  );
  await send(letters, 'order-1');
  await index(letters);
  expect((await onTopic(letters)).count).toBe(1);
});
