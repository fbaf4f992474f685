import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { EmbeddedBroker } from '@/lib/brokers/embedded/adapter';
import { EmbeddedGroups } from '@/lib/brokers/embedded/groups';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { mergeFacts } from '@/lib/store/facts/merge';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { buildContext, closeContext, SYSTEM, type Actor, type Context } from '@/lib/context/context';
import { announceInstance } from '../instances/announce';
import { overviewNow } from '../overview/now';
import { getGroup } from './get';
import { LagSampler } from '@/lib/engine/sampling/sampler';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };
const MINUTE = 60;
const SAMPLE = 10;
let database: TestDatabase;
let context: Context;
let seconds = 0;
let clocked: Context;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  context = await buildContext(readSettings({}), database.url, createLog('silent'));
  // On a whole minute, so that each measurement has a minute of its own.
  const begin = Math.floor(Date.now() / 60_000) * 60_000;
  clocked = { ...context, now: () => new Date(begin + seconds * 1_000) };
});
afterAll(async () => {
  await closeContext(context);
  await database.drop();
});

it('names the message that a standing partition stands at, puts it first, and shows the past of each', async () => {
  const groups = new EmbeddedGroups(context.store, context.broker as EmbeddedBroker);
  const sampler = new LagSampler(clocked);
  const topic = 'parcels';
  await context.broker.createTopics([{ name: topic, partitions: 2 }]);
  const publish = async (partition: number, count: number) => {
    const record = { topic, partition, key: null, value: Buffer.from('x'), headers: [] };
    await context.broker.publish(Array.from({ length: count }, () => record));
  };
  const member = { group: 'slow', member: 'slow-1', topics: [topic] };
  const { generation } = await groups.join({
    ...member,
    clientId: 'slow-1',
    host: 'host-b',
    fromBeginning: true,
  });
  const commit = (partition: number, offset: number) =>
    groups.commit({
      ...member,
      generation,
      offsets: [{ topic, partition, offset: String(offset), metadata: null }],
    });
  const look = () => getGroup.call(clocked, mei, { name: 'slow' });
  const id = newId();
  const position = { topic, partition: 1, offset: '3' };
  await mergeFacts(context.store, context.catalog, {
    source: 'test',
    facts: [
      makeFact('committed', id, 0, { position, message: { topic, type: 'ParcelSent', key: 'parcel-7' } }),
      makeFact('handle_failed', id, 1, {
        group: 'slow',
        attempt: 1,
        error: { type: 'Jam', message: 'stuck in the chute' },
      }),
    ],
    receivedAt: new Date(),
  });

  // One partition keeps up while the other one does not move.
  const measure = async (until: number) => {
    for (; seconds < until; seconds += SAMPLE) {
      read += 1;
      await publish(0, 1);
      await commit(0, read);
      await sampler.sample();
    }
  };
  let read = 0;
  await publish(0, 5);
  await publish(1, 10);
  await commit(1, 3);
  await measure(2 * SAMPLE);
  expect((await look()).partitions.map((partition) => partition.stands)).toEqual([null, null]);
  await measure(4 * MINUTE);
  const stuck = await look();
  expect(stuck).toMatchObject({
    verdict: 'stuck',
    standing: 'needs_a_look',
    lag: 12,
    drain: { kind: 'never' },
    worst: { partition: 1, committed: '3', member: 'slow-1' },
  });
  expect(stuck.partitions.map((item) => [item.partition, item.lag, item.verdict])).toEqual([
    [1, 7, 'stuck'],
    [0, 5, 'keeping_up'],
  ]);
  expect(stuck.partitions[0]?.stands?.message).toMatchObject({
    id,
    key: 'parcel-7',
    type: 'ParcelSent',
    attempts: 1,
    error: { type: 'Jam' },
  });
  expect(stuck.partitions[1]?.stands).toBeNull();
  const measured = stuck.partitions[0]?.spark.filter((value) => value !== null);
  expect(measured?.slice(0, 4)).toEqual([7, 7, 7, 7]);

  // No fact exists about this record: the page shows an unknown message, and not another one.
  await commit(1, 4);
  await measure(5 * MINUTE);
  expect((await look()).partitions.find((item) => item.partition === 1)?.stands).toBeNull();
  await measure(9 * MINUTE);
  const unknown = await look();
  expect(unknown.partitions[0]).toMatchObject({ partition: 1, stands: { message: null } });
});

it('has what services report of their consumers, on its page and among what needs a person, while they report it', async () => {
  const problem = {
    consumer: 'main',
    what: 'read',
    error: 'NotAllowed',
    message: 'READ on the group is missing',
    since: new Date().toISOString(),
  } as const;
  const subscription = {
    group: 'slow',
    topics: ['parcels'],
    retryTopic: null,
    retryReady: false,
    member: '',
  };
  const announce = (more: object) =>
    announceInstance.call(clocked, SYSTEM, {
      v: 1,
      instance: 'parcels@host-b#7',
      service: 'parcels',
      release: '2.1',
      host: 'host-b',
      process: '7',
      dropped: 0,
      subscriptions: [{ ...subscription, ...more }],
    });
  const needs = async () =>
    (await overviewNow.call(context, mei, {})).needs.filter(({ kind }) => kind === 'consumer_problem');
  const troubles = async () => (await getGroup.call(context, mei, { name: 'slow' })).troubles;

  await announce({ problems: [problem], crashes: 4, unreadable: 2 });
  const instance = { service: 'parcels', release: '2.1', host: 'host-b', process: '7' };
  expect(await troubles()).toEqual([{ ...instance, problems: [problem], crashes: 4, unreadable: 2 }]);
  expect(await needs()).toMatchObject([
    { subject: 'slow', since: problem.since, trouble: { error: 'NotAllowed', instances: 1 } },
  ]);
  await announce({ crashes: 4 });
  expect(await troubles()).toEqual([{ ...instance, problems: [], crashes: 4, unreadable: 0 }]);
  expect(await needs()).toEqual([]);
  await expect(announce({ problems: [{ ...problem, what: 'sleep' }] })).rejects.toThrow(/what/);
  await announce({});
  expect(await troubles()).toEqual([]);
});
