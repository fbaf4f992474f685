import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
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

describe('a backlog', () => {
  const send = (topic: string, partition: number, count: number) =>
    context.broker.publish(
      Array.from({ length: count }, (_, at) => ({
        topic,
        partition,
        key: null,
        value: Buffer.from(`${topic} ${at}`.padEnd(100)),
        headers: [],
      })),
    );
  const open = async (...topics: string[]) => {
    const follower = new TopicFollower(
      context,
      'collector',
      (name) => topics.includes(name),
      () => Promise.resolve({ since: new Date(0), older: 0 }),
    );
    await follower.refresh();
    return follower;
  };

  it('is read in turns, and what is new comes before it', async () => {
    await context.broker.createTopics([
      { name: 'backlog', partitions: 3 },
      { name: 'fresh', partitions: 1 },
    ]);
    for (let partition = 0; partition < 3; partition += 1) await send('backlog', partition, 3_000);
    const follower = await open('backlog', 'fresh');
    // Two partitions of 10 kB, so two of four wait.
    const read = async () => {
      const batches = await follower.read(0, 10_000, 20_000);
      for (const batch of batches) await write(batch);
      return batches.map(({ topic, partition }) => `${topic}/${partition}`);
    };
    const seen = new Set(await read());
    for (let turn = 0; turn < 5; turn += 1) {
      // It was read just now, so in turns alone it would be last.
      await send('fresh', 0, 1);
      const places = await read();
      expect(places, `turn ${turn}`).toContain('fresh/0');
      expect(places).toHaveLength(2);
      for (const place of places) seen.add(place);
    }
    expect([...seen].sort()).toEqual(['backlog/0', 'backlog/1', 'backlog/2', 'fresh/0']);
  });

  it('is counted by records that are not written, and lasts since the partition was read to its end', async () => {
    const topic = 'counted';
    await context.broker.createTopics([{ name: topic, partitions: 2 }]);
    const follower = await open(topic);
    expect(await follower.read(0, 10_000)).toEqual([]);
    expect(follower.left).toMatchObject({ unread: 0, waitingMs: 0 });
    await send(topic, 1, 7);
    const [batch] = await follower.read(0, 10_000);
    expect(follower.left.unread, 'read, not written').toBe(7);
    await expect.poll(() => follower.left.waitingMs).toBeGreaterThan(0);
    if (batch) await write(batch);
    expect(follower.left).toMatchObject({ unread: 0, waitingMs: 0 });
    await follower.refresh();
    expect(follower.left).toMatchObject({ unread: 0, waitingMs: 0 });
  });

  it('does not count what the log no longer has', async () => {
    const topic = 'trimmed';
    await context.broker.createTopics([{ name: topic, partitions: 1 }]);
    await send(topic, 0, 10);
    await context.store.query(
      `UPDATE embedded_partition p SET start_offset = 8 FROM embedded_topic t WHERE t.id = p.topic_id AND t.name = $1`,
      [topic],
    );
    const follower = new TopicFollower(context, 'collector', (name) => name === topic);
    await follower.refresh();
    await follower.read(0, 1);
    expect(follower.left.unread).toBe(2);
  });

  it('costs no request for each partition in which nothing was ever written', async () => {
    const topic = 'never-written';
    await context.broker.createTopics([{ name: topic, partitions: 30 }]);
    const asked = vi.spyOn(context.broker, 'offsetAt');
    try {
      const follower = await open(topic);
      await follower.refresh();
      expect(asked).not.toHaveBeenCalled();
      await send(topic, 4, 1);
      const batches = await follower.read(0, 1_000);
      expect(batches.map(({ partition }) => partition)).toEqual([4]);
    } finally {
      asked.mockRestore();
    }
  });
});

it('begins with as many older records as there is room for, fewest first, and counts what it leaves out', async () => {
  const send = (topic: string, count: number) =>
    context.broker.publish(
      Array.from({ length: count }, () => ({
        topic,
        partition: 0,
        key: null,
        value: Buffer.from('{}'),
        headers: [],
      })),
    );
  const sizes = { 'old-few': 3, 'old-some': 6, 'old-many': 20 };
  await context.broker.createTopics(Object.keys(sizes).map((name) => ({ name, partitions: 1 })));
  for (const [topic, count] of Object.entries(sizes)) await send(topic, count);
  await context.store.query(
    `UPDATE embedded_record r SET at = at - interval '90 days'
     FROM embedded_topic t WHERE t.id = r.topic_id AND t.name LIKE 'old-%'`,
  );
  await send('old-many', 1);
  const open = async () => {
    const follower = new TopicFollower(
      context,
      'dead-letter index',
      (name) => name in sizes,
      () => Promise.resolve({ since: new Date(Date.now() - 86_400_000), older: 15 }),
    );
    await follower.refresh();
    return follower;
  };
  const follower = await open();
  expect(follower.left.leftOut).toBe(14);
  const batches = await follower.read(0, 1_000_000);
  expect(Object.fromEntries(batches.map(({ topic, records }) => [topic, records.length]))).toEqual({
    'old-few': 3,
    'old-some': 6,
    'old-many': 7,
  });
  for (const batch of batches) {
    const left = batch.topic === 'old-many' ? batch.records.slice(0, 2) : [];
    await inTransaction(context.store, (client) => batch.claim(client, left));
  }
  expect(follower.left.leftOut).toBe(16);
  const next = await open();
  await next.read(0, 1_000_000);
  expect(next.left.leftOut).toBe(16);
  await context.store.query(
    `UPDATE embedded_partition p SET start_offset = 10
     FROM embedded_topic t WHERE t.id = p.topic_id AND t.name = 'old-many'`,
  );
  await next.read(0, 1_000_000);
  expect(next.left.leftOut, 'of those that the log still has').toBe(6);
});
