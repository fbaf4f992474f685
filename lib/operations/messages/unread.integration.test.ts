import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { commitPosition } from '@/lib/testing/commit-position';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { readIdsFrom } from '@/lib/store/messages/read-ids-from';
import { announceInstance } from '../instances/announce';
import { getMessage } from './get';
import { messageHistogram } from './histogram';
import { listAllMessages } from './list';

const kafka = inject('kafka');
const LATE = { timeout: 30_000 };

describe.skipIf(!kafka)('messages that a group has not read yet', () => {
  let courier: TestCourier;
  const topic = `unread-${randomBytes(3).toString('hex')}`;
  const [behind, done] = [`${topic}.behind`, `${topic}.done`];
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), kafka?.address ?? '');
  });
  afterAll(() => courier.stop());
  const list = async (filter: object) =>
    (await listAllMessages.call(courier.context, courier.operator, filter)).rows;
  const keys = async (filter: object) => (await list(filter)).map(({ key }) => key).sort();

  it('are those from its position on, in list, bars and names, without any service that reports', async () => {
    const address = kafka?.address ?? '';
    await courier.context.broker.createTopics([{ name: topic, partitions: 2 }]);
    for (const partition of [0, 1])
      await courier.context.broker.publish(
        [0, 1, 2, 3, 4].map((offset) => ({
          topic,
          partition,
          key: Buffer.from(`${partition}-${offset}`),
          value: Buffer.from('{}'),
          headers: [],
        })),
      );
    await commitPosition(address, behind, { topic, partition: 0, offset: 3 });
    await commitPosition(address, behind, { topic, partition: 1, offset: 5 });
    for (const partition of [0, 1]) await commitPosition(address, done, { topic, partition, offset: 5 });
    await expect.poll(async () => (await list({ topic })).length, LATE).toBe(10);
    await expect.poll(() => keys({ unread: behind }), LATE).toEqual(['0-3', '0-4']);
    await expect
      .poll(
        async () => (await listAllMessages.call(courier.context, courier.operator, {})).names.readers,
        LATE,
      )
      .toEqual(expect.arrayContaining([behind, done]));
    expect(await keys({ unread: done })).toEqual([]);
    expect(await keys({ unread: `${topic}.unknown` })).toEqual([]);
    expect(await keys({ unread: behind, key: '0-4' })).toEqual(['0-4']);
    expect(await keys({ unread: behind, status: ['HANDLED'] })).toEqual([]);
    expect(await keys({ unread: behind, q: '0-3' })).toEqual(['0-3']);
    const now = Date.now();
    const { bars } = await messageHistogram.call(courier.context, courier.operator, {
      unread: behind,
      from: new Date(now - 3_600_000).toISOString(),
      to: new Date(now + 60_000).toISOString(),
    });
    expect(bars?.COMMITTED.reduce((sum, count) => sum + count, 0)).toBe(2);
    const ofTopic = async () => {
      const { unreported } = await messageHistogram.call(courier.context, courier.operator, {
        topic,
        from: new Date(now - 3_600_000).toISOString(),
        to: new Date(now + 60_000).toISOString(),
      });
      return unreported?.reduce((sum, count) => sum + count, 0);
    };
    expect(await ofTopic()).toBe(10);
    // Once a service reports on the topic, its messages wait for that.
    const beat = { v: 1, service: 's', release: '1', host: 'h', process: 'p', instance: 's@h#p', dropped: 0 };
    const subscription = {
      group: `${topic}.sdk`,
      topics: [topic],
      retryTopic: null,
      retryReady: false,
      member: 'm',
    };
    await announceInstance.call(courier.context, courier.system, { ...beat, subscriptions: [subscription] });
    expect(await ofTopic()).toBe(0);
  });

  it('are shown with the time at which the group read past them', async () => {
    const address = kafka?.address ?? '';
    const slow = `${topic}.slow`;
    const [row] = await list({ topic, key: '1-2' });
    const shown = async () => {
      const { where } = await getMessage.call(courier.context, courier.operator, { id: row?.id ?? '' });
      return where.find((item) => 'group' in item && item.group === slow);
    };
    await commitPosition(address, slow, { topic, partition: 1, offset: 2 });
    await expect.poll(shown, LATE).toMatchObject({ ahead: 0 });
    const before = Date.now();
    await commitPosition(address, slow, { topic, partition: 1, offset: 3 });
    await expect.poll(shown, LATE).toMatchObject({
      kind: 'read_past',
      passed: { at: expect.any(String) as string, withinSeconds: expect.any(Number) as number },
    });
    const found = await shown();
    const passed = found?.kind === 'read_past' ? found.passed : null;
    const at = Date.parse(passed?.at ?? '');
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at - (passed?.withinSeconds ?? 0) * 1_000).toBeLessThanOrEqual(Date.now());
    expect(passed?.withinSeconds).toBeLessThan(10);
    // Of a group that was past it at first sight, the time is not known.
    const { where } = await getMessage.call(courier.context, courier.operator, { id: row?.id ?? '' });
    expect(where.find((item) => 'group' in item && item.group === done)).toMatchObject({
      kind: 'read_past',
    });
  });

  it('are the newest of each partition where there are many, which is reported', async () => {
    const topicId = await courier.context.catalog.findTopic(topic);
    const all = { topicId, partition: 0, from: 0n };
    expect((await readIdsFrom(courier.context.store, [all], 5)).areIdsCut).toBe(false);
    const { ids, areIdsCut } = await readIdsFrom(courier.context.store, [all], 2);
    expect([ids.length, areIdsCut]).toEqual([2, true]);
    expect((await list({ topic, key: '0-4' })).map(({ id }) => id)).toEqual([ids[0]]);
  });
});
