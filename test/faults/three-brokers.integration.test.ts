import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { browseTopic } from '@/lib/operations/topics/browse';
import { getGroup } from '@/lib/operations/groups/get';
import { getTopic } from '@/lib/operations/topics/get';
import { listTopics } from '@/lib/operations/topics/list';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { startKafkaCluster, type KafkaCluster } from '@/lib/testing/kafka-cluster';

const SOON = { timeout: 60_000, interval: 500 };

/** On brokers of its own, which takes a while: only in the long run. */
describe.runIf(inject('kafka'))('one of three brokers', () => {
  let cluster: KafkaCluster;
  let courier: TestCourier;
  let admin: ReturnType<Kafka['admin']>;

  beforeAll(async () => {
    cluster = await startKafkaCluster();
    const client = new Kafka({ brokers: [cluster.addresses[0] ?? ''], logLevel: logLevel.NOTHING });
    admin = client.admin();
    await admin.connect();
    const on = (topic: string, ...nodes: number[]) => ({
      topic,
      replicaAssignment: nodes.map((node, partition) => ({ partition, replicas: [node] })),
    });
    await admin.createTopics({
      topics: [on('well', 1, 1), on('on.two', 1, 2), on('on.three', 1, 3), on('courier.facts', 1, 1, 1)],
    });
    const producer = client.producer();
    await producer.connect();
    for (const topic of ['well', 'on.two', 'on.three'])
      for (const partition of [0, 1])
        await producer.send({
          topic,
          messages: [
            { partition, value: 'v' },
            { partition, value: 'w' },
          ],
        });
    await producer.disconnect();
    await admin.setOffsets({
      groupId: 'readers',
      topic: 'well',
      partitions: [{ partition: 0, offset: '1' }],
    });
    courier = await startCourier(inject('postgres'), cluster.addresses.join(','), {
      COURIER_REQUEST_TIMEOUT_SECONDS: '3',
    });
  }, 180_000);
  afterAll(async () => {
    await courier.stop();
    await admin.disconnect();
    await cluster.stop();
  }, 60_000);

  const lagOf = async (name: string) =>
    (await getGroup.call(courier.context, courier.operator, { name }).catch(() => null))?.lag;
  const rowOf = async (name: string) => {
    const { rows } = await listTopics.call(courier.context, courier.operator, {});
    const row = rows.find((item) => item.name === name);
    return row && { partitions: row.partitions, unread: row.unread, records: row.records };
  };
  const reasonsOf = async (name: string) => {
    const { partitions } = await getTopic.call(courier.context, courier.operator, { name });
    return partitions.map(({ log, unread }) => unread ?? log?.records);
  };
  const whole = { partitions: 2, unread: 0, records: 4 };

  /** All that a broker which is away must not touch, and that its partition is named with the reason. */
  async function onlyThatPartition(topic: string, reasons: string[]): Promise<void> {
    await expect.poll(() => rowOf(topic), SOON).toEqual({ partitions: 2, unread: 1, records: null });
    await expect.poll(() => reasonsOf(topic), SOON).toEqual([2, expect.stringMatching(reasons.join('|'))]);
    expect(await rowOf('well')).toEqual(whole);
    const browsed = await browseTopic.call(courier.context, courier.operator, { name: topic });
    expect(browsed.records).toHaveLength(2);
    expect(browsed.unread).toEqual([
      { partition: 1, reason: expect.stringMatching(reasons.join('|')) as string },
    ]);
    // The sampler goes on for the groups that it can measure.
    const before = await courier.context.store.query('SELECT max(sampled_at) AS at FROM group_now');
    await expect
      .poll(async () => {
        const { rows } = await courier.context.store.query<{ at: Date }>(
          'SELECT max(sampled_at) AS at FROM group_now',
        );
        return Number(rows[0]?.at) > Number((before.rows as { at: Date }[])[0]?.at);
      }, SOON)
      .toBe(true);
    expect(await lagOf('readers')).toBe(1);
  }

  it('is seen whole at first', async () => {
    await expect.poll(() => lagOf('readers'), SOON).toBe(1);
    await expect.poll(() => rowOf('on.two'), SOON).toEqual(whole);
  });

  it('that cannot be reached from Courier is one partition less', { timeout: 180_000 }, async () => {
    await cluster.proxy.close();
    await onlyThatPartition('on.three', ['unreachable', 'no_leader']);
    await cluster.proxy.listen();
    await expect.poll(() => rowOf('on.three'), SOON).toEqual(whole);
  });

  it('that freezes is one partition less', { timeout: 180_000 }, async () => {
    cluster.signal(3, 'SIGSTOP');
    await onlyThatPartition('on.three', ['unreachable', 'no_leader']);
    cluster.signal(3, 'SIGCONT');
    await expect.poll(() => rowOf('on.three'), SOON).toEqual(whole);
  });

  it(
    'that is killed is one partition without a leader, also for a Courier that starts then',
    { timeout: 180_000 },
    async () => {
      cluster.signal(2, 'SIGKILL');
      await onlyThatPartition('on.two', ['no_leader']);
      const second = await startCourier(inject('postgres'), cluster.addresses.join(','), {
        COURIER_REQUEST_TIMEOUT_SECONDS: '3',
      });
      try {
        const { rows } = await listTopics.call(second.context, second.operator, {});
        expect(rows.length).toBeGreaterThanOrEqual(0);
        await expect
          .poll(
            async () =>
              (await getGroup.call(second.context, second.operator, { name: 'readers' }).catch(() => null))
                ?.lag,
            SOON,
          )
          .toBe(1);
        const listed = (await listTopics.call(second.context, second.operator, {})).rows;
        expect(listed.find(({ name }) => name === 'on.two')).toMatchObject({
          partitions: 2,
          unread: 1,
          records: null,
        });
        expect(listed.find(({ name }) => name === 'well')).toMatchObject({ unread: 0, records: 4 });
      } finally {
        await second.stop();
      }
    },
  );
});
