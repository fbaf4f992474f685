import { randomBytes } from 'node:crypto';
import { AclOperationTypes, AclResourceTypes, Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { authorizing, grant, USER } from '@/lib/testing/authorizing';
import { startKafka } from '@/lib/testing/kafka';
import { KafkaTransport } from './kafka-transport';

const running = inject('kafka');
const unique = (word: string) => `${word}-${randomBytes(3).toString('hex')}`;

describe.skipIf(!running)('the consumer of the SDK on Kafka', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  /** Reads as a group does that is new at the end of the log, and commits what it read. */
  async function read(transport: KafkaTransport, group: string, topic: string) {
    const values: string[] = [];
    const consumption = await transport.consume({
      group,
      topics: [topic],
      fromBeginning: false,
      onRecords(_topic, partition, records) {
        values.push(...records.map(({ value }) => String(value)));
        const last = records.at(-1);
        if (last) void consumption.commit(topic, partition, String(BigInt(last.offset) + 1n), '');
      },
      onRevoked: () => undefined,
    });
    return { values, consumption };
  }

  it('goes on at what is still there when the log has lost what its position names, never behind it', async () => {
    const brokers = [running?.address ?? ''];
    const [topic, group] = [unique('lost'), unique('reader')];
    const transport = new KafkaTransport({ brokers });
    ends.push(() => transport.close());
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    ends.push(() => admin.disconnect());
    await transport.createTopics([{ name: topic, partitions: 1 }]);
    const publish = async (value: string) =>
      expect(
        (await transport.send({ topic, key: null, value: Buffer.from(value), headers: [] })).outcome,
      ).toBe('committed');
    const committed = async () =>
      (await admin.fetchOffsets({ groupId: group, topics: [topic] }))[0]?.partitions[0]?.offset;

    await publish('before the group began');
    const first = await read(transport, group, topic);
    await expect.poll(committed, { timeout: 20_000 }).toBe('1');
    await publish('read');
    await expect.poll(committed, { timeout: 20_000 }).toBe('2');
    expect(first.values).toEqual(['read']);
    await first.consumption.stop();

    for (const value of ['lost', 'lost too', 'still there', 'and this']) await publish(value);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '4' }] });
    const second = await read(transport, group, topic);
    ends.push(() => second.consumption.stop());
    await expect.poll(() => second.values, { timeout: 20_000 }).toEqual(['still there', 'and this']);
  });

  it('goes on when a right that was missing is given', async () => {
    const kafka = await startKafka(authorizing);
    ends.push(() => kafka.stop());
    const admin = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    ends.push(() => admin.disconnect());
    await admin.createTopics({ topics: [{ topic: 'orders' }] });
    await grant(admin, AclResourceTypes.TOPIC, '*', AclOperationTypes.ALL);
    const transport = new KafkaTransport({
      brokers: [kafka.further],
      ssl: false,
      sasl: { mechanism: 'plain', ...USER },
    });
    ends.push(() => transport.close());
    const { values, consumption } = await read(transport, 'payment', 'orders');
    ends.push(() => consumption.stop());

    await grant(admin, AclResourceTypes.GROUP, '*', AclOperationTypes.ALL);
    await expect.poll(() => consumption.member, { timeout: 20_000 }).not.toBe('');
    await expect
      .poll(
        async () => {
          await transport.send({ topic: 'orders', key: null, value: Buffer.from('at last'), headers: [] });
          return values;
        },
        { timeout: 20_000 },
      )
      .toContain('at last');
  });
});
