import { randomBytes } from 'node:crypto';
import { CompressionTypes, Kafka, logLevel, type Consumer, type ITopicConfig } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BrokerRecord } from '@/lib/brokers/broker';
import { headerOf } from '@/lib/brokers/broker';
import { HEADER } from '@/lib/protocol/headers';
import { mergeFacts } from '@/lib/store/facts/merge';
import { readItems } from '@/lib/store/retries/items';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { makeFact, newId } from '@/lib/testing/facts';
import { createRetry } from './create';
import { previewMany } from './preview-many';
import { previewRetry } from './preview';

const SOON = { timeout: 30_000, interval: 200 };

describe.skipIf(!inject('kafka'))('a retry to the original topic', () => {
  const address = inject('kafka')?.address ?? '';
  const word = randomBytes(3).toString('hex');
  const client = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  const producer = client.producer();
  const consumers: Consumer[] = [];
  const topics: string[] = [];
  let courier: TestCourier;

  beforeAll(async () => {
    await admin.connect();
    await producer.connect();
    courier = await startCourier(inject('postgres'), address);
  });
  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
    await courier.stop();
    await admin.deleteTopics({ topics });
    await Promise.all([producer.disconnect(), admin.disconnect()]);
  });

  const makeTopic = async (name: string, settings: Record<string, string> = {}): Promise<string> => {
    const topic = `harm-${word}.${name}`;
    const entries = Object.entries(settings).map(([key, value]) => ({ name: key, value }));
    const config: ITopicConfig = { topic, numPartitions: 1, configEntries: entries };
    await admin.createTopics({ topics: [config] });
    topics.push(topic);
    return topic;
  };
  const send = async (
    topic: string,
    message: { key?: string; value: string | null; headers?: Record<string, string>; timestamp?: string },
    compression = CompressionTypes.None,
  ): Promise<string> => {
    const [sent] = await producer.send({ topic, compression, messages: [message] });
    return sent?.baseOffset ?? '';
  };
  /** Reports that a group without a retry topic failed on a record. */
  const fail = async (topic: string, offset: string, group: string): Promise<string> => {
    const { context } = courier;
    const id = newId();
    const common = { at: new Date().toISOString(), position: { topic, partition: 0, offset } };
    await mergeFacts(context.store, context.catalog, {
      source: 'test',
      receivedAt: new Date(),
      facts: [
        makeFact('committed', id, 0, { ...common, message: { topic, type: 'T' } }),
        makeFact('handle_failed', id, 0, {
          ...common,
          group,
          attempt: 1,
          error: { type: 'E', message: 'm' },
          gaveUp: { to: null },
        }),
      ],
    });
    return id;
  };
  const previewOf = (messageId: string, group: string) =>
    previewRetry.call(courier.context, courier.operator, { messageId, groups: [group] });
  const retry = (messageId: string, group: string, more: object = {}) =>
    createRetry.call(courier.context, courier.operator, {
      selected: { messageId, groups: [group] },
      ...more,
    });
  const itemOf = async (messageId: string) => (await readItems(courier.context.store, { messageId })).at(-1);
  /** The record that a retry wrote. */
  const written = async (messageId: string): Promise<BrokerRecord> => {
    await expect.poll(async () => (await itemOf(messageId))?.sentOffset ?? null, SOON).not.toBeNull();
    const item = await itemOf(messageId);
    const position = { topic: item?.targetTopic ?? '', partition: 0, offset: BigInt(item?.sentOffset ?? 0) };
    const [answer] = await courier.context.broker.fetch([position], { maxBytes: 10_000_000, waitMs: 0 });
    const record = answer?.records.find(({ offset }) => offset === position.offset);
    if (!record) throw new Error(`nothing is at ${JSON.stringify(item)}`);
    return record;
  };

  it('replaces no newer state of a compacted topic, unless a person types its name', async () => {
    const topic = await makeTopic('compacted', { 'cleanup.policy': 'compact' });
    const old = await send(topic, { key: 'c1', value: 'OLD' });
    const only = await send(topic, { key: 'c2', value: 'ONLY' });
    await send(topic, { key: 'c1', value: 'NEW' });
    const [older, newest] = [await fail(topic, old, 'prices'), await fail(topic, only, 'prices')];
    expect((await previewOf(older, 'prices')).items).toMatchObject([{ skip: 'would_overwrite' }]);
    expect((await previewOf(newest, 'prices')).items).toMatchObject([{ skip: null }]);
    const many = { group: 'prices', messageIds: [older, newest] };
    expect(await previewMany.call(courier.context, courier.operator, many)).toMatchObject({
      open: 1,
      overwriting: [
        { topic, isCompacted: true, count: 1, some: [{ messageId: older, position: `${topic}/0/2` }] },
      ],
      skipped: [{ reason: 'would_overwrite', count: 1 }],
    });
    await retry(older, 'prices');
    expect(await itemOf(older)).toMatchObject({ state: 'SKIPPED', reason: 'would_overwrite' });
    await retry(older, 'prices', { overwrite: [topic] });
    expect((await written(older)).value?.toString()).toBe('OLD');
  });

  it('names every group that holds a partition, also one that keeps its positions elsewhere', async () => {
    const topic = await makeTopic('readers');
    const id = await fail(topic, await send(topic, { key: 'k', value: 'v' }), 'failing');
    const lonely = await previewOf(id, 'failing');
    expect(lonely.items).toMatchObject([{ alone: false, others: [] }]);
    const consumer = client.consumer({ groupId: `own-offsets-${word}` });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: () => Promise.resolve() });
    await expect
      .poll(async () => (await previewOf(id, 'failing')).items[0]?.others, SOON)
      .toEqual([`own-offsets-${word}`]);
    await expect(retry(id, 'failing')).rejects.toThrow(/own-offsets-.* will see the message again/);
  });

  it('is compressed as the original was, so that it fits again', async () => {
    const topic = await makeTopic('compressed');
    const value = JSON.stringify({ text: 'courier '.repeat(300_000) });
    const id = await fail(topic, await send(topic, { key: 'k', value }, CompressionTypes.GZIP), 'failing');
    await retry(id, 'failing');
    const record = await written(id);
    expect(record.value?.length).toBe(value.length);
    expect(record.codec).toBe(1);
  });

  it.each([
    [2_000_000, 1_500_000, 1_000_000],
    // So small that it is the broker that refuses.
    [10_000, 5_000, 1_000],
  ])(
    'says size and limit of what does not fit any more, before it is sent: %i',
    async (before, size, now) => {
      const topic = await makeTopic(`large-${size}`, { 'max.message.bytes': String(before) });
      const value = randomBytes(size / 2).toString('hex');
      const id = await fail(topic, await send(topic, { value }), 'failing');
      await admin.alterConfigs({
        validateOnly: false,
        resources: [
          { type: 2, name: topic, configEntries: [{ name: 'max.message.bytes', value: String(now) }] },
        ],
      });
      const { items } = await previewOf(id, 'failing');
      expect(items).toMatchObject([{ skip: 'too_large', size: { codec: 'none', limit: now } }]);
      const bytes = items[0]?.size?.bytes ?? 0;
      expect(bytes).toBeGreaterThan(size);
      await retry(id, 'failing');
      await expect.poll(async () => (await itemOf(id))?.state, SOON).toBe('REFUSED');
      const { rows } = await courier.context.store.query<{ detail: string }>(
        'SELECT a.detail FROM send_attempt a JOIN retry_item i ON i.id = a.item_id WHERE i.message_id = $1',
        [id],
      );
      const [, sent] =
        /it is (\d+) bytes, uncompressed, and .* takes at most (\d+)/.exec(rows.at(-1)?.detail ?? '') ?? [];
      // The dry run measured what was then sent.
      expect(Math.abs(Number(sent) - bytes)).toBeLessThan(100);
      expect(rows.at(-1)?.detail).toContain(`takes at most ${now}`);
    },
  );

  it('has the time of the send, or the one that it had, as chosen', async () => {
    const topic = await makeTopic('times');
    const timestamp = String(Date.now() - 3_600_000);
    const failed = async () => fail(topic, await send(topic, { value: 'v', timestamp }), 'failing');
    const [first, second] = [await failed(), await failed()];
    await retry(first, 'failing');
    await retry(second, 'failing', { recordTime: 'kept' });
    expect((await written(first)).timestamp).toBeGreaterThan(Number(timestamp) + 3_000_000);
    expect((await written(second)).timestamp).toBe(Number(timestamp));
  });

  it("keeps a firm's own headers, whatever they are called", async () => {
    const topic = await makeTopic('headers');
    const headers = {
      'courier-hops': '99',
      'courier-dlq-reason': 'ours',
      [HEADER.source]: 'theirs',
      tenant: 'a',
    };
    const id = await fail(topic, await send(topic, { value: 'v', headers }), 'failing');
    await retry(id, 'failing');
    const record = await written(id);
    const values = (name: string) =>
      record.headers.filter(([key]) => key === name).map(([, value]) => value?.toString());
    expect(values('courier-dlq-reason')).toEqual(['ours']);
    expect(values('tenant')).toEqual(['a']);
    expect(values(HEADER.source)).toEqual(['theirs', `${topic}/0/0`]);
    expect(values('courier-hops')).toEqual(['99', '1']);
    expect(headerOf(record.headers, HEADER.hops)).toBe('1');
  });
});
