import { Kafka, logLevel, AclOperationTypes, AclResourceTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { grant as grantTo } from '@/lib/testing/kafka-rights';
import { passwordOf } from '@/lib/testing/test-users';
import { newId } from '@/lib/testing/facts';
import { KafkaBroker } from './adapter';

describe.skipIf(!inject('kafka'))('rights on a Kafka that asks for them', () => {
  const kafka = inject('kafka')!;
  const prefix = `rights-${newId().slice(-8)}`;
  const orders = `${prefix}.orders`;
  const retry = `courier.retry.${prefix}`;
  const group = `${prefix}.payment`;
  let admin: ReturnType<Kafka['admin']>;
  let courier: KafkaBroker;

  beforeAll(async () => {
    admin = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: orders }, { topic: retry }] });
    await admin.setOffsets({ groupId: group, topic: orders, partitions: [{ partition: 0, offset: '0' }] });
    courier = new KafkaBroker({
      name: 'rights',
      addresses: [kafka.sasl],
      requestTimeoutMs: 5_000,
      properties: passwordOf('watcher'),
    });
  });
  afterAll(async () => {
    await courier.close();
    await admin.deleteTopics({ topics: [orders, retry] });
    await admin.disconnect();
  });

  /** What is missing of this test's own topics: others run on the same Kafka. */
  const missingHere = async () =>
    (await courier.rights())
      .filter(({ granted }) => granted === false)
      .map(({ right, missingOn }) => ({
        right,
        topics: missingOn.filter((topic) => topic.includes(prefix)).sort(),
      }));

  const grant = (type: AclResourceTypes, name: string, operation: AclOperationTypes) =>
    grantTo(admin, 'watcher', type, name, operation);

  it('names what is missing one by one, while the broker itself answers shorter lists without an error', async () => {
    expect((await courier.groups()).groups).toEqual([]);
    expect(await courier.topics()).toEqual([]);
    expect((await courier.overview()).seesAllGroups).toBe(false);
    expect(await missingHere()).toEqual([
      { right: 'see_groups', topics: [] },
      { right: 'create_topics', topics: [] },
    ]);

    await grant(AclResourceTypes.TOPIC, '*', AclOperationTypes.DESCRIBE);
    await expect.poll(missingHere).toEqual([
      { right: 'see_groups', topics: [] },
      { right: 'read_topics', topics: [retry, orders] },
      { right: 'read_settings', topics: [retry, orders] },
      { right: 'create_topics', topics: [] },
      { right: 'write_topics', topics: [retry] },
    ]);

    await grant(AclResourceTypes.CLUSTER, 'kafka-cluster', AclOperationTypes.DESCRIBE);
    await grant(AclResourceTypes.TOPIC, '*', AclOperationTypes.READ);
    await grant(AclResourceTypes.TOPIC, '*', AclOperationTypes.DESCRIBE_CONFIGS);
    await grant(AclResourceTypes.TOPIC, 'courier.', AclOperationTypes.WRITE);
    await grant(AclResourceTypes.TOPIC, 'courier.', AclOperationTypes.CREATE);
    await expect.poll(missingHere).toEqual([{ right: 'describe_groups', topics: [group] }]);
    expect((await courier.groups()).groups.map((group) => group.name)).toContain(group);
  });

  it('is not told positions of groups that it may not describe, which is not the same as none', async () => {
    const [found] = (await courier.groups()).groups.filter((item) => item.name === group);
    expect(found && (await courier.positions([found]))).toEqual({ positions: [], unknown: [group] });
    await grant(AclResourceTypes.GROUP, '*', AclOperationTypes.DESCRIBE);
    await expect
      .poll(async () => found && (await courier.positions([found])))
      .toMatchObject({ positions: [{ group, topic: orders, offset: 0n }], unknown: [] });
    await expect.poll(missingHere).toEqual([]);
  });
});
