import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { LagSampler } from '@/lib/engine/sampling/sampler';
import { createLog } from '@/lib/log';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { countAttention } from '../overview/attention';
import { overviewNow } from '../overview/now';
import { acknowledgeGroupLosses } from './acknowledge-losses';
import { endExpectation, expectNoMembers } from './expect-no-members';
import { getGroup } from './get';
import { listGroups } from './list';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };
const service: Actor = { id: 2, name: 'shop', role: 'service' };
const name = 'nightly';

describe('a group that needs attention', () => {
  let database: TestDatabase;
  let context: Context;
  let seconds = 0;
  let clocked: Context;

  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings({}), database.url, createLog('silent'));
    const begin = Date.now();
    clocked = { ...context, now: () => new Date(begin + seconds * 1_000) };
    await context.broker.createTopics([{ name: 'parcels', partitions: 1 }]);
    await context.broker.publish(
      Array.from({ length: 100 }, () => ({
        topic: 'parcels',
        partition: 0,
        key: null,
        value: Buffer.from('x'),
        headers: [],
      })),
    );
    await context.store.query('INSERT INTO embedded_group (name) VALUES ($1)', [name]);
    await context.store.query(
      'INSERT INTO embedded_position (group_name, topic_id, partition, "offset") SELECT $1, id, 0, 10 FROM embedded_topic WHERE name = $2',
      [name, 'parcels'],
    );
    const sampler = new LagSampler(clocked);
    for (; seconds <= 30; seconds += 10) await sampler.sample();
    // Retention deletes what it has not read.
    await context.store.query('UPDATE embedded_partition SET start_offset = 60');
    for (; seconds <= 50; seconds += 10) await sampler.sample();
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });

  const look = () => getGroup.call(clocked, mei, { name });
  /** What badge, list and overview count. */
  const counts = async () => {
    const { groups } = await listGroups.call(clocked, mei, {});
    const { standings, groups: total } = await overviewNow.call(clocked, mei, {});
    expect(Object.values(standings).reduce((sum, count) => sum + count, 0)).toBe(total);
    return [
      (await countAttention.call(clocked, mei, {})).groups,
      groups.filter(({ standing }) => standing === 'needs_a_look').length,
      standings.needs_a_look,
    ];
  };

  it('has no members and lost records, and each is acknowledged by itself', async () => {
    const group = await look();
    expect(group).toMatchObject({
      verdict: 'no_members',
      standing: 'needs_a_look',
      reading: 'nobody',
      lag: 40,
      lost: 50,
      losses: [{ topic: 'parcels', partition: 0, from: '10', to: '60', isCertain: true }],
    });
    expect(await counts()).toEqual([1, 1, 1]);
    // No worker runs in this test.
    const kinds = async () =>
      (await overviewNow.call(clocked, mei, {})).needs
        .map(({ kind }) => kind)
        .filter((kind) => kind !== 'blind');
    expect(await kinds()).toEqual(['lost_data', 'no_members']);

    const upTo = group.losses[0]?.at ?? '';
    await expect(acknowledgeGroupLosses.call(clocked, service, { name, upTo })).rejects.toThrow(/may not/);
    expect(await acknowledgeGroupLosses.call(clocked, mei, { name, upTo })).toEqual({ losses: 1 });
    await expect(acknowledgeGroupLosses.call(clocked, mei, { name, upTo })).rejects.toThrow(/no loss up to/);
    expect(await kinds()).toEqual(['no_members']);
  });

  it('is well while it may have no members, by whom and until when', async () => {
    const until = new Date(clocked.now().getTime() + 3_600_000).toISOString();
    const expectation = { kind: 'until' as const, until };
    await expectNoMembers.call(clocked, mei, { name, expectation, note: 'moves house' });
    expect(await look()).toMatchObject({
      verdict: 'no_members',
      standing: 'well',
      expected: { expectation, isNow: true, note: 'moves house', by: 'mei' },
    });
    expect(await counts()).toEqual([0, 0, 0]);
    await endExpectation.call(clocked, mei, { name });
    expect(await counts()).toEqual([1, 1, 1]);
    await expect(endExpectation.call(clocked, mei, { name })).rejects.toThrow(/Nothing is expected/);
  });

  it.each([
    [{ kind: 'until', until: '2020-01-01T00:00:00Z' }, /which is over/],
    [{ kind: 'until', until: 'tomorrow' }, /ISO 8601/],
    [
      { kind: 'schedule', schedule: { days: [], from: '20:00', to: '06:00', zone: 'UTC' } },
      /at least one day/,
    ],
    [
      { kind: 'schedule', schedule: { days: [1], from: '24:00', to: '06:00', zone: 'UTC' } },
      /00:00 to 23:59/,
    ],
    [{ kind: 'schedule', schedule: { days: [1], from: '20:00', to: '06:00', zone: 'Mars' } }, /time zone/],
  ])('refuses %j', async (expectation, why) => {
    await expect(expectNoMembers.call(clocked, mei, { name, expectation })).rejects.toThrow(why);
  });

  it('is not found where there is none', async () => {
    const expectation = { kind: 'always' as const };
    await expect(expectNoMembers.call(clocked, mei, { name: 'other', expectation })).rejects.toThrow(
      /no consumer group/,
    );
  });
});
