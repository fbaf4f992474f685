import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { Broker } from '@/lib/brokers/broker';
import { readSettings } from '@/lib/config';
import { buildContext, closeContext, type Context } from '@/lib/context/context';
import { createLog } from '@/lib/log';
import { insertMove, readMove } from '@/lib/store/groups/position-moves';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { moveOpen } from './move';

const GROUP = 'billing';
const TOPIC = 'orders';
let database: TestDatabase;
let context: Context;
let groupId = 0;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  context = await buildContext(readSettings({}), database.url, createLog('silent'));
  await context.broker.createTopics([{ name: TOPIC, partitions: 2 }]);
  const record = { topic: TOPIC, key: null, value: Buffer.from('x'), headers: [] };
  for (const partition of [0, 1])
    await context.broker.publish(Array.from({ length: 9 }, () => ({ ...record, partition })));
  await context.store.query('INSERT INTO embedded_group (name) VALUES ($1)', [GROUP]);
  groupId = (await context.catalog.groupIds([GROUP])).get(GROUP) ?? 0;
});
afterAll(async () => {
  await closeContext(context);
  await database.drop();
});
beforeEach(() => set(3n, 3n));

const set = (...offsets: [bigint, bigint]) =>
  context.broker.movePositions(
    { name: GROUP, type: 'classic' },
    offsets.map((offset, partition) => ({ topic: TOPIC, partition, offset })),
  );
const positions = async () => {
  const found = await context.broker.positions([{ name: GROUP, type: 'classic', state: 'Empty' }]);
  return found.positions.sort((a, b) => a.partition - b.partition).map(({ offset }) => offset);
};

/** Writes a move of both partitions from 3 to 5. @param isTried a process died after it asked the broker */
async function plan(isTried: boolean): Promise<string> {
  const id = randomUUID();
  const topicId = (await context.catalog.topicIds([TOPIC])).get(TOPIC) ?? 0;
  const places = [0, 1].map((partition) => ({
    ...{ topic: TOPIC, topicId, partition, from: 3n, to: 5n, skipped: 2, repeated: 0 },
  }));
  await insertMove(context.store, {
    ...{ id, clusterId: context.cluster.id, groupId, operatorId: 1, operatorName: 'mei' },
    ...{ reason: null, target: { kind: 'offset', offset: '5' }, undoes: null, partitions: places },
  });
  if (isTried) await context.store.query('UPDATE position_move SET tried_at = now() WHERE id = $1', [id]);
  return id;
}
const end = async (id: string) => {
  const move = await readMove(context.store, groupId, id);
  return [move?.state, move?.problem];
};
/** The broker with some of its answers replaced. */
const withBroker = (changed: Partial<Broker>): Context => ({
  ...context,
  broker: Object.assign(Object.create(context.broker) as Broker, changed),
});

it.each([
  ['the broker had moved none', [3n, 3n]],
  ['the broker had moved one', [5n, 3n]],
  ['the broker had moved all', [5n, 5n]],
] as const)('goes on where a process died over a move: %s', async (_, [first, second]) => {
  await set(first, second);
  const id = await plan(true);
  expect(await moveOpen(context)).toBe(1);
  expect(await end(id)).toEqual(['moved', null]);
  expect(await positions()).toEqual([5n, 5n]);
});

it('is unclear where a process died over a move, and the group has gone on meanwhile', async () => {
  await set(5n, 7n);
  const id = await plan(true);
  await moveOpen(context);
  expect(await end(id)).toEqual(['unclear', 'moved_on']);
  expect(await positions()).toEqual([5n, 7n]);
});

it('moves nothing of a group that has gone on since the preview', async () => {
  await set(3n, 4n);
  const id = await plan(false);
  await moveOpen(context);
  expect(await end(id)).toEqual(['refused', 'moved_on']);
  expect(await positions()).toEqual([3n, 4n]);
});

it('waits for a broker that does not return all positions, and for members that are not known moves nothing', async () => {
  const id = await plan(false);
  const unanswered: Partial<Broker> = {
    positions: () =>
      Promise.resolve({
        positions: [{ group: GROUP, topic: TOPIC, partition: 0, offset: null }],
        unknown: [],
      }),
  };
  expect(await moveOpen(withBroker(unanswered))).toBe(0);
  expect(await end(id)).toEqual(['open', null]);
  const unknown: Partial<Broker> = {
    describeGroups: (groups) => Promise.resolve(groups.map((group) => ({ ...group, members: null }))),
  };
  await moveOpen(withBroker(unknown));
  expect(await end(id)).toEqual(['refused', 'members_unknown']);
  expect(await positions()).toEqual([3n, 3n]);
});

it('gives up after a minute without an answer', async () => {
  const id = await plan(false);
  const away = withBroker({ positions: () => Promise.reject(new Error('away')) });
  expect(await moveOpen(away)).toBe(0);
  expect(await moveOpen({ ...away, now: () => new Date(Date.now() + 61_000) })).toBe(1);
  expect(await end(id)).toEqual(['refused', 'no_answer']);
});

it('names the reason of a broker that refuses', async () => {
  const id = await plan(false);
  const refuses = withBroker({
    movePositions: (_, to) =>
      Promise.resolve(to.map(() => ({ outcome: 'refused', why: 'has_members', reason: 'orders/0: 25' }))),
  });
  await moveOpen(refuses);
  expect(await end(id)).toEqual(['refused', 'has_members']);
});
