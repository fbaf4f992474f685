import { Kafka, logLevel, AclOperationTypes, AclResourceTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { authorizing, grant as grantOn, USER } from '@/lib/testing/authorizing';
import { startKafka, type TestKafka } from '@/lib/testing/kafka';
import { KafkaBroker } from './adapter';

describe.skipIf(!inject('kafka'))('rights on a Kafka that asks for them', () => {
  let kafka: TestKafka;
  let admin: ReturnType<Kafka['admin']>;
  let courier: KafkaBroker;

  beforeAll(async () => {
    kafka = await startKafka(authorizing);
    admin = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'orders' }, { topic: 'courier.retry.payment' }] });
    await admin.setOffsets({
      groupId: 'payment',
      topic: 'orders',
      partitions: [{ partition: 0, offset: '0' }],
    });
    courier = new KafkaBroker({
      name: 'rights',
      addresses: [kafka.further],
      requestTimeoutMs: 5_000,
      client: { sasl: { mechanism: 'plain', ...USER } },
    });
  });
  afterAll(async () => {
    await courier.close();
    await admin.disconnect();
    await kafka.stop();
  });

  const grant = (type: AclResourceTypes, name: string, operation: AclOperationTypes) =>
    grantOn(admin, type, name, operation);

  it('names what is missing one by one, while the broker itself answers shorter lists without an error', async () => {
    expect(await courier.groups()).toEqual([]);
    expect(await courier.topics()).toEqual([]);
    expect((await courier.overview()).seesAllGroups).toBe(false);
    expect(await courier.missingRights()).toEqual([{ right: 'see_groups', topics: [] }]);

    await grant(AclResourceTypes.TOPIC, '*', AclOperationTypes.DESCRIBE);
    await expect
      .poll(() => courier.missingRights())
      .toEqual([
        { right: 'see_groups', topics: [] },
        { right: 'read_topics', topics: ['courier.retry.payment', 'orders'] },
        { right: 'write_topics', topics: ['courier.retry.payment'] },
        { right: 'read_settings', topics: ['courier.retry.payment', 'orders'] },
      ]);

    await grant(AclResourceTypes.CLUSTER, 'kafka-cluster', AclOperationTypes.DESCRIBE);
    await grant(AclResourceTypes.TOPIC, '*', AclOperationTypes.READ);
    await grant(AclResourceTypes.TOPIC, '*', AclOperationTypes.DESCRIBE_CONFIGS);
    await grant(AclResourceTypes.TOPIC, 'courier.', AclOperationTypes.WRITE);
    await expect.poll(() => courier.missingRights()).toEqual([]);
    expect((await courier.groups()).map((group) => group.name)).toContain('payment');
  });

  it('is not told positions of groups that it may not describe, which is not the same as none', async () => {
    const [group] = (await courier.groups()).filter((item) => item.name === 'payment');
    expect(group && (await courier.positions([group]))).toEqual({ positions: [], unknown: ['payment'] });
    await grant(AclResourceTypes.GROUP, '*', AclOperationTypes.DESCRIBE);
    await expect
      .poll(async () => group && (await courier.positions([group])))
      .toMatchObject({ positions: [{ group: 'payment', topic: 'orders', offset: 0n }], unknown: [] });
  });
});
