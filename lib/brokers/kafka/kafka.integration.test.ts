import { randomBytes } from 'node:crypto';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { describe, expect, inject, it } from 'vitest';
import { runBattery } from '@/lib/testing/broker-battery';
import { FaultProxy, KAFKA_DIALECT } from '@/lib/testing/fault-proxy';
import { KafkaBroker } from './adapter';

const kafka = inject('kafka');

if (kafka) {
  runBattery('kafka', async () => {
    const [host = '', port = '0'] = kafka.proxied.split(':');
    const proxy = new FaultProxy(KAFKA_DIALECT, { host, port: Number(port) }, kafka.proxyPort);
    await proxy.listen();
    const make = (address: string) =>
      new KafkaBroker({ name: 'test', addresses: [address], requestTimeoutMs: 1_500 });
    const broker = make(kafka.address);
    const proxied = make(proxy.address);
    const nowhere = make('127.0.0.1:9');
    const admin = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return {
      broker,
      proxied,
      arm: (fault) => proxy.arm(fault),
      mend: () => proxy.listen(),
      async deleteBefore(topic, partition, offset) {
        // kafkajs finds the leader only of topics it has asked for before.
        await admin.fetchTopicOffsets(topic);
        await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: offset.toString() }] });
      },
      async commit(group, topic, partition, offset) {
        await admin.setOffsets({
          groupId: group,
          topic,
          partitions: [{ partition, offset: offset.toString() }],
        });
      },
      nowhere: { broker: nowhere, address: '127.0.0.1:9' },
      async close() {
        await Promise.all([broker.close(), proxied.close(), nowhere.close(), admin.disconnect()]);
        await proxy.close();
      },
    };
  });

  it('leaves out what a transaction wrote that was given up, and goes past it', async () => {
    const topic = `transactions-${randomBytes(3).toString('hex')}`;
    const broker = new KafkaBroker({ name: 'test', addresses: [kafka.address], requestTimeoutMs: 5_000 });
    const producer = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).producer({
      transactionalId: topic,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    try {
      await broker.createTopics([{ name: topic, partitions: 1 }]);
      await producer.connect();
      for (const [value, end] of [
        ['said', 'commit'],
        ['taken back', 'abort'],
        ['said again', 'commit'],
        ['and taken back', 'abort'],
      ] as const) {
        const transaction = await producer.transaction();
        await transaction.send({ topic, messages: [{ value }] });
        await transaction[end]();
      }
      const values: string[] = [];
      let next = 0n;
      // The log has four records, each followed by a marker. The broker returns them in one answer or in several.
      await expect
        .poll(async () => {
          const [answer] = await broker.fetch([{ topic, partition: 0, offset: next }], {
            maxBytes: 1_000_000,
            waitMs: 100,
          });
          values.push(...(answer?.records ?? []).map((record) => String(record.value)));
          return (next = answer?.next ?? next);
        })
        .toBe(8n);
      expect(values).toEqual(['said', 'said again']);
    } finally {
      await producer.disconnect();
      await broker.close();
    }
  });

  it('names the open transaction that holds back the last stable offset', async () => {
    const topic = `open-${randomBytes(3).toString('hex')}`;
    const place = `${topic}/0`;
    const broker = new KafkaBroker({ name: 'test', addresses: [kafka.address], requestTimeoutMs: 5_000 });
    const producer = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).producer({
      transactionalId: `${topic}-writer`,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: 45_000,
    });
    try {
      await broker.createTopics([{ name: topic, partitions: 1 }]);
      await producer.connect();
      expect(await broker.openTransaction(topic, 0)).toBeNull();
      const began = Date.now();
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value: 'a' }, { value: 'b' }] });
      const [end] = (await broker.logEnds([topic])).known;
      expect([end?.end, (await broker.stableEnds([topic])).get(place)]).toEqual([2n, 0n]);
      const open = await broker.openTransaction(topic, 0);
      expect(open).toMatchObject({ transactionalId: `${topic}-writer`, timeoutMs: 45_000 });
      expect(Math.abs((open?.startedAt ?? 0) - began)).toBeLessThan(10_000);
      await transaction.commit();
      await expect.poll(() => broker.openTransaction(topic, 0)).toBeNull();
      // The control record ends the transaction.
      expect((await broker.stableEnds([topic])).get(place)).toBe(3n);
    } finally {
      await producer.disconnect();
      await broker.close();
    }
  });

  it('passes over a batch that unpacks to more than is allowed, names it, and reads on', async () => {
    const topic = `bomb-${randomBytes(3).toString('hex')}`;
    const broker = new KafkaBroker({
      name: 'test',
      addresses: [kafka.address],
      requestTimeoutMs: 5_000,
      maxBatchBytes: 1_000_000,
    });
    const producer = new Kafka({ brokers: [kafka.address], logLevel: logLevel.NOTHING }).producer();
    try {
      await broker.createTopics([{ name: topic, partitions: 1 }]);
      await producer.connect();
      const send = (value: string) =>
        producer.send({ topic, compression: CompressionTypes.GZIP, messages: [{ value }] });
      await send('before');
      await send('0'.repeat(4_000_000));
      await send('behind');
      const values: string[] = [];
      const passedOver: string[] = [];
      let next = 0n;
      await expect
        .poll(async () => {
          const [answer] = await broker.fetch([{ topic, partition: 0, offset: next }], {
            maxBytes: 1_000_000,
            waitMs: 100,
          });
          values.push(...(answer?.records ?? []).map((record) => String(record.value)));
          passedOver.push(
            ...(answer?.passedOver ?? []).map(({ from, to, reason }) => `${from} ${to} ${reason}`),
          );
          return (next = answer?.next ?? next);
        })
        .toBe(3n);
      expect(values).toEqual(['before', 'behind']);
      expect(passedOver).toEqual([
        expect.stringMatching(/^1 2 a batch of \d+ bytes in gzip unpacks to more than/),
      ]);
    } finally {
      await producer.disconnect();
      await broker.close();
    }
  });

  it('answers each reader, whatever another one waits for', async () => {
    const [empty, full] = ['a', 'b'].map((name) => `${name}-${randomBytes(3).toString('hex')}`);
    const broker = new KafkaBroker({ name: 'test', addresses: [kafka.address], requestTimeoutMs: 5_000 });
    const read = async (topic = '', reader: string, waitMs: number) => {
      const [answer] = await broker.fetch([{ topic, partition: 0, offset: 0n }], {
        maxBytes: 1_000,
        waitMs,
        reader,
      });
      return answer?.records.length;
    };
    try {
      await broker.createTopics([empty, full].map((name = '') => ({ name, partitions: 1 })));
      await broker.publish([
        { topic: full ?? '', partition: 0, key: null, value: Buffer.from('x'), headers: [] },
      ]);
      // Connected, and with its leaders known, each sends in the order in which it is asked.
      for (const reader of ['patient', 'busy'])
        for (const topic of [empty, full]) await read(topic, reader, 0);
      const order: string[] = [];
      await Promise.all([
        read(empty, 'patient', 3_000).then(() => order.push('patient')),
        read(full, 'busy', 500).then(() => order.push('busy')),
      ]);
      expect(order).toEqual(['busy', 'patient']);
    } finally {
      await broker.close();
    }
  });
} else {
  describe.skip(`broker battery: kafka (${inject('whyNoKafka')})`, () =>
    it('needs Apache Kafka', () => undefined));
}
