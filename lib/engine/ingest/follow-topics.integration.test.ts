import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { inTransaction } from '@/lib/postgres';
import { readCursors } from '@/lib/store/sources/cursors';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { TopicFollower, type TopicBatch } from './follow-topics';

const TOPIC = 'parcels';
const SOURCE = 'topic index';
/** One record of them fits. */
const FEW_BYTES = 10;
let database: TestDatabase;
let context: Context;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  context = await buildContext(readSettings({}), database.url, createLog('silent'));
  await context.broker.createTopics([{ name: TOPIC, partitions: 1 }]);
  for (const text of ['first', 'second', 'third']) {
    await context.broker.publish([
      { topic: TOPIC, partition: 0, key: null, value: Buffer.from(text.padEnd(50)), headers: [] },
    ]);
  }
});
afterAll(async () => {
  await closeContext(context);
  await database.drop();
});

const follow = async () => {
  const follower = new TopicFollower(context, SOURCE, (topic) => topic === TOPIC);
  await follower.refresh();
  return follower;
};
const readOne = async (follower: TopicFollower) => {
  const [batch] = await follower.read(0, FEW_BYTES);
  if (!batch) throw new Error('nothing was read');
  return batch;
};
const textsOf = (batch: TopicBatch) => batch.records.map((record) => record.value?.toString().trim());
const write = (batch: TopicBatch) => inTransaction(context.store, (client) => batch.claim(client));
const written = async () => (await readCursors(context.store, SOURCE)).map((cursor) => cursor.next);

it('reads ahead of what is written, and takes what it read only in its order', async () => {
  const follower = await follow();
  const first = await readOne(follower);
  const second = await readOne(follower);
  expect([textsOf(first), textsOf(second)]).toEqual([['first'], ['second']]);
  expect(await written()).toEqual([]);
  await expect(write(second)).rejects.toThrow();
  expect(await written()).toEqual([]);
  await write(first);
  await write(second);
  expect(await written()).toEqual([2n]);
  await expect(write(second), 'twice').rejects.toThrow();

  // The next reader reads again what this one read ahead and did not write.
  expect(textsOf(await readOne(follower))).toEqual(['third']);
  const next = await follow();
  const third = await readOne(next);
  expect(textsOf(third)).toEqual(['third']);
  await write(third);
  expect(await next.read(0, FEW_BYTES)).toEqual([]);
  expect(await written()).toEqual([3n]);
});

it('reads on where a log ends that became shorter, and waits where the topic was made anew', async () => {
  const topic = 'shortened';
  const send = (text: string) =>
    context.broker.publish([
      { topic, partition: 0, key: null, value: Buffer.from(text.padEnd(50)), headers: [] },
    ]);
  await context.broker.createTopics([{ name: topic, partitions: 1 }]);
  for (const text of ['kept', 'lost']) await send(text);
  const source = 'dead-letter index';
  const open = async () => {
    const follower = new TopicFollower(context, source, (name) => name === topic);
    await follower.refresh();
    return follower;
  };
  const follower = await open();
  for (let n = 0; n < 2; n += 1) await write(await readOne(follower));
  // As after an election that lost what only the old leader had.
  await context.store.query(
    `DELETE FROM embedded_record r USING embedded_topic t WHERE t.id = r.topic_id AND t.name = $1 AND r."offset" = 1`,
    [topic],
  );
  await context.store.query(
    `UPDATE embedded_partition p SET next_offset = 1 FROM embedded_topic t WHERE t.id = p.topic_id AND t.name = $1`,
    [topic],
  );
  await write(await readOne(follower));
  await send('instead');
  expect(textsOf(await readOne(follower))).toEqual(['instead']);

  const behind = await open();
  await context.broker.deleteTopic(topic);
  await context.broker.createTopics([{ name: topic, partitions: 1 }]);
  expect(await behind.read(0, FEW_BYTES)).toEqual([]);
});
