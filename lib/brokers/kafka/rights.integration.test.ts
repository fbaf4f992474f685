import {
  Kafka,
  logLevel,
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
} from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startKafka, type TestKafka } from '@/lib/testing/kafka';
import { KafkaBroker } from './adapter';

const USER = { username: 'courier', password: 'courier' };

/** A broker that asks everybody who comes by the further listener for a name, and what that name may do. */
const authorizing = (port: number, lists: { listeners: string; advertised: string }) => [
  `listeners=${lists.listeners},SASL://127.0.0.1:${port}`,
  `advertised.listeners=${lists.advertised},SASL://127.0.0.1:${port}`,
  'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users=User:ANONYMOUS',
  'allow.everyone.if.no.acl.found=false',
  'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT',
  'listener.name.sasl.sasl.enabled.mechanisms=PLAIN',
  `listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_${USER.username}="${USER.password}";`,
];

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

  const grant = (resourceType: AclResourceTypes, resourceName: string, operation: AclOperationTypes) =>
    admin.createAcls({
      acl: [
        {
          resourceType,
          resourceName,
          resourcePatternType:
            resourceName === '*' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
          principal: `User:${USER.username}`,
          host: '*',
          operation,
          permissionType: AclPermissionTypes.ALLOW,
        },
      ],
    });

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
    const [group] = (await courier.groups()).filter((one) => one.name === 'payment');
    expect(group && (await courier.positions([group]))).toEqual({ positions: [], unknown: ['payment'] });
    await grant(AclResourceTypes.GROUP, '*', AclOperationTypes.DESCRIBE);
    await expect
      .poll(async () => group && (await courier.positions([group])))
      .toMatchObject({ positions: [{ group: 'payment', topic: 'orders', offset: 0n }], unknown: [] });
  });
});
