import { AclOperationTypes, AclResourceTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { browseTopic } from '@/lib/operations/topics/browse';
import { getGroup } from '@/lib/operations/groups/get';
import { getSettings } from '@/lib/operations/settings/get';
import { checkConnection } from '@/lib/operations/settings/check';
import { listTopics } from '@/lib/operations/topics/list';
import { listWorkers } from '@/lib/operations/workers/list';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { newId } from '@/lib/testing/facts';
import { grant } from '@/lib/testing/kafka-rights';
import { passwordOf } from '@/lib/testing/test-users';

const SOON = { timeout: 30_000, interval: 200 };

describe.skipIf(!inject('kafka'))('a Kafka that Courier may only read', () => {
  const kafka = inject('kafka')!;
  const prefix = `readonly-${newId().slice(-8)}`;
  const [orders, hidden, group] = [`${prefix}.orders`, `${prefix}-hidden`, `${prefix}.payment`];
  let admin: ReturnType<Kafka['admin']>;
  let courier: TestCourier;

  beforeAll(async () => {
    const client = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING });
    admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: orders }, { topic: hidden }] });
    await admin.setOffsets({ groupId: group, topic: orders, partitions: [{ partition: 0, offset: '0' }] });
    const producer = client.producer();
    await producer.connect();
    for (const topic of [orders, hidden])
      await producer.send({ topic, messages: [{ key: 'k', value: 'v' }] });
    await producer.disconnect();
    const { CLUSTER, GROUP, TOPIC } = AclResourceTypes;
    await grant(admin, 'reader', CLUSTER, 'kafka-cluster', AclOperationTypes.DESCRIBE);
    await grant(admin, 'reader', GROUP, '*', AclOperationTypes.DESCRIBE);
    await grant(admin, 'reader', TOPIC, `${prefix}.`, AclOperationTypes.READ);
    await grant(admin, 'reader', TOPIC, `${prefix}.`, AclOperationTypes.DESCRIBE_CONFIGS);
    await grant(admin, 'reader', TOPIC, hidden, AclOperationTypes.DESCRIBE);
    const variables = Object.entries(passwordOf('reader')).map(([key, value]) => [
      `COURIER_KAFKA_${key.toUpperCase().replaceAll('.', '_')}`,
      value,
    ]);
    courier = await startCourier(
      inject('postgres'),
      kafka.sasl,
      Object.fromEntries(variables) as Record<string, string>,
    );
  });
  afterAll(async () => {
    await courier.stop();
    await admin.deleteTopics({ topics: [orders, hidden] });
    await admin.disconnect();
  });

  it('is read in full: topics, records, groups and their lag', async () => {
    const { context, operator } = courier;
    await expect
      .poll(async () => (await getGroup.call(context, operator, { name: group })).lag, SOON)
      .toBe(1);
    const { rows } = await listTopics.call(context, operator, {});
    expect(rows.find(({ name }) => name === orders)).toMatchObject({ records: 1, unread: 0 });
    const { records } = await browseTopic.call(context, operator, { name: orders });
    expect(records.map(({ key }) => key)).toEqual(['k']);
  });

  it('says of a topic that it may not read why nothing is shown, and never that nothing is there', async () => {
    const { context, operator } = courier;
    const browsed = await browseTopic.call(context, operator, { name: hidden });
    expect(browsed).toMatchObject({ records: [], unread: [{ partition: 0, reason: 'refused' }] });
  });

  it('fails in no worker, and lists what writing would need once', async () => {
    const { context, operator } = courier;
    await expect
      .poll(async () => {
        const { workers } = await listWorkers.call(context, operator, {});
        return workers
          .filter(({ state }) => state !== 'running')
          .map(({ worker, state }) => `${worker} ${state}`);
      }, SOON)
      .toEqual([]);
    const { cluster } = await getSettings.call(context, operator, {});
    const lacking = cluster.rights?.filter(({ granted }) => granted === false).map(({ right }) => right);
    expect(lacking).toContain('create_topics');
    const check = await checkConnection.call(context, operator, {});
    expect(check.lines.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual([
      'port ok',
      'tls ok',
      'version ok',
      'signIn ok',
      'brokers ok',
      'rights warning',
    ]);
    expect(JSON.stringify(check)).not.toContain('reader-pass');
  });
});
