import { randomBytes } from 'node:crypto';
import { AclOperationTypes, AclResourceTypes, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { KafkaBroker } from '@/lib/brokers/kafka/adapter';
import type { FactBatch, ReportedFact } from '@/lib/protocol/fact';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { newId } from '@/lib/testing/facts';
import { grant } from '@/lib/testing/kafka-rights';
import { signInOf } from '@/lib/testing/test-users';
import { connect } from './index';
import { KafkaTransport } from './kafka-transport';

const running = inject('kafka');
const unique = (word: string) => `${word}-${randomBytes(3).toString('hex')}`;

/** Reported failures of a topic's records, in the order of their places. */
async function factsAbout(broker: KafkaBroker, topic: string): Promise<ReportedFact[]> {
  const ends = (await broker.logEnds([FACTS_TOPIC])).known;
  const answers = await Promise.all(
    ends.map(async ({ partition, start }) => {
      const facts: ReportedFact[] = [];
      for (let next = start; ;) {
        const [answer] = await broker.fetch([{ topic: FACTS_TOPIC, partition, offset: next }], {
          maxBytes: 5_000_000,
          waitMs: 0,
        });
        for (const record of answer?.records ?? [])
          facts.push(...(JSON.parse(String(record.value)) as FactBatch).facts);
        if (!answer || answer.next <= next) return facts;
        next = answer.next;
      }
    }),
  );
  return answers
    .flat()
    .filter((fact) => fact.position?.topic === topic && fact.kind === 'push_failed')
    .sort((a, b) => Number(a.position?.offset) - Number(b.position?.offset));
}

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
      onFailed: () => undefined,
      onReads: () => undefined,
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

  it('reports a batch that unpacks to more than is allowed, and goes on behind it', async () => {
    const brokers = [running?.address ?? ''];
    const topic = unique('bomb');
    const courier = connect({ service: 'reader', brokers, maxBatchBytes: 1_000_000 });
    ends.push(() => courier.close());
    await courier.createTopics([
      { name: topic, partitions: 1 },
      { name: FACTS_TOPIC, partitions: 3 },
    ]);
    const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer();
    await producer.connect();
    ends.push(() => producer.disconnect());
    const send = (...values: string[]) =>
      producer.send({
        topic,
        compression: CompressionTypes.GZIP,
        messages: values.map((value) => ({ value })),
      });
    await send('"before"');
    await send('0'.repeat(3_000_000), '0'.repeat(3_000_000));
    await send('"behind"');
    const handled: unknown[] = [];
    await courier.subscribe({
      group: unique('reader'),
      topics: [topic],
      from: 'beginning',
      handle: ({ payload }) => void handled.push(payload),
    });
    await expect.poll(() => handled, { timeout: 30_000 }).toEqual(['before', 'behind']);
    const facts = new KafkaBroker({ name: 'facts', addresses: brokers, requestTimeoutMs: 5_000 });
    ends.push(() => facts.close());
    await expect
      .poll(
        async () => (await factsAbout(facts, topic)).map((fact) => [fact.position?.offset, fact.error?.type]),
        {
          timeout: 30_000,
        },
      )
      .toEqual([
        ['1', 'BatchTooLargeError'],
        ['2', 'BatchTooLargeError'],
      ]);
  });

  it('goes on when a right that was missing is given', async () => {
    const kafka = inject('kafka')!;
    const topic = `rights-${newId().slice(-8)}`;
    const admin = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    ends.push(() => admin.disconnect());
    await admin.createTopics({ topics: [{ topic }] });
    await grant(admin, 'service', AclResourceTypes.TOPIC, topic, AclOperationTypes.ALL);
    const transport = new KafkaTransport({
      brokers: [kafka.sasl],
      ssl: false,
      sasl: { mechanism: 'plain', ...signInOf('service') },
    });
    ends.push(() => transport.close());
    const { values, consumption } = await read(transport, `${topic}.payment`, topic);
    ends.push(() => consumption.stop());

    await grant(admin, 'service', AclResourceTypes.GROUP, topic, AclOperationTypes.ALL);
    await expect.poll(() => consumption.member, { timeout: 20_000 }).not.toBe('');
    await expect
      .poll(
        async () => {
          await transport.send({ topic, key: null, value: Buffer.from('at last'), headers: [] });
          return values;
        },
        { timeout: 20_000 },
      )
      .toContain('at last');
  });
});
