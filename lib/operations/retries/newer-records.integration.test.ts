import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Broker } from '@/lib/brokers/broker';
import type { Context } from '@/lib/context/context';
import { CourierError } from '@/lib/errors';
import { findNewerRecords } from '@/lib/engine/sending/newer-records';
import { mergeFacts } from '@/lib/store/facts/merge';
import { recordGap } from '@/lib/store/sources/cursors';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { makeFact, newId } from '@/lib/testing/facts';
import { createRetry } from './create';
import { previewMany } from './preview-many';
import { previewRetry } from './preview';

const SOON = { timeout: 30_000, interval: 200 };
const GROUP = 'prices';

describe.skipIf(!inject('kafka'))('newer records on the topic of a retry', () => {
  const address = inject('kafka')?.address ?? '';
  const word = randomBytes(3).toString('hex');
  const client = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  const producer = client.producer();
  const topics: string[] = [];
  let courier: TestCourier;

  beforeAll(async () => {
    await admin.connect();
    await producer.connect();
    courier = await startCourier(inject('postgres'), address);
  });
  afterAll(async () => {
    await courier.stop();
    await admin.deleteTopics({ topics });
    await Promise.all([producer.disconnect(), admin.disconnect()]);
  });

  /** Makes a topic of one partition and sends records to it, whose offsets are 0, 1, 2 ... */
  const fill = async (
    name: string,
    messages: [key: string | Buffer | null, value: string | null][],
    settings: Record<string, string> = {},
  ): Promise<string> => {
    const topic = `newer-${word}.${name}`;
    topics.push(topic);
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] });
    await send(topic, messages);
    return topic;
  };
  const send = (topic: string, messages: [string | Buffer | null, string | null][]) =>
    producer.send({ topic, messages: messages.map(([key, value]) => ({ key, value })) });
  /** Reports that the group failed on the record at an offset, by an id of the reporter's own. */
  const fail = async (topic: string, offset: number): Promise<string> => {
    const { context } = courier;
    const id = newId();
    const common = {
      at: new Date().toISOString(),
      position: { topic, partition: 0, offset: String(offset) },
    };
    const failure = { group: GROUP, attempt: 1, error: { type: 'E', message: 'm' }, gaveUp: { to: null } };
    await mergeFacts(context.store, context.catalog, {
      source: 'test',
      receivedAt: new Date(),
      facts: [
        makeFact('committed', id, 0, { ...common, message: { topic, type: 'T' } }),
        makeFact('handle_failed', id, 0, { ...common, ...failure }),
      ],
    });
    return id;
  };
  const previewOf = async (messageId: string) =>
    (await previewRetry.call(courier.context, courier.operator, { messageId, groups: [GROUP] })).items[0];
  /** A context that can't read a record: its answers are of the index. @param more by which each log is longer */
  const blind = (more: bigint): Context => {
    const { context } = courier;
    const fetch: Broker['fetch'] = (from) =>
      Promise.resolve(
        from.map(({ topic, partition, offset }) => ({
          topic,
          partition,
          records: [],
          next: offset,
          start: 0n,
          end: 0n,
          gap: null,
          problem: 'unreachable' as const,
        })),
      );
    const logEnds: Broker['logEnds'] = async (topics) => {
      const { known, unknown } = await context.broker.logEnds(topics);
      return { known: known.map((ends) => ({ ...ends, end: ends.end + more })), unknown };
    };
    const broker = Object.create(context.broker, {
      fetch: { value: fetch },
      logEnds: { value: logEnds },
    }) as Broker;
    return { ...context, broker };
  };
  /** The states of messages from the index alone, by their ids. */
  const fromIndex = async (topic: string, ids: string[], more = 0n) => {
    const found = await findNewerRecords(blind(more), { topic, isCompacted: false }, ids);
    return ids.map((id) => found.get(id)?.position ?? found.get(id)?.state);
  };

  it('are named, on a topic that keeps every record as well, and nothing is sent behind them unless agreed', async () => {
    const topic = await fill('orders', [
      ['k1', 'OLD'],
      ['k2', 'ONLY'],
      [null, 'no key'],
      ['k1', 'NEW'],
    ]);
    const ids = await Promise.all([0, 1, 2, 3].map((offset) => fail(topic, offset)));
    const [old = '', only = '', keyless = '', newest = ''] = ids;
    expect(await previewOf(old)).toMatchObject({
      skip: 'would_overwrite',
      overwrites: { isCompacted: false, position: `${topic}/0/3` },
    });
    for (const id of [only, keyless, newest]) expect(await previewOf(id)).toMatchObject({ skip: null });
    const selected = { group: GROUP, messageIds: ids };
    const many = await previewMany.call(courier.context, courier.operator, selected);
    expect(many).toMatchObject({
      open: 3,
      overwriting: [
        { topic, isCompacted: false, count: 1, some: [{ messageId: old, position: `${topic}/0/3` }] },
      ],
      skipped: [{ reason: 'would_overwrite', count: 1, messageIds: [old] }],
    });
    expect(await createRetry.call(courier.context, courier.operator, { selected })).toMatchObject({
      selected: 4,
      open: 3,
    });
    const agreed = { selected: { group: GROUP, messageIds: [old] }, overwrite: [topic] };
    expect(await createRetry.call(courier.context, courier.operator, agreed)).toMatchObject({ open: 1 });
  });

  it('are tombstones too, and an older tombstone deletes no newer state', async () => {
    const topic = await fill(
      'states',
      [
        ['k1', 'A'],
        ['k1', null],
        ['k2', null],
        ['k2', 'B'],
      ],
      { 'cleanup.policy': 'compact,delete' },
    );
    for (const [offset, position] of [
      [0, `${topic}/0/1`],
      [2, `${topic}/0/3`],
    ] as const)
      expect(await previewOf(await fail(topic, offset))).toMatchObject({
        skip: 'would_overwrite',
        overwrites: { isCompacted: true, position },
      });
  });

  it('are known from the index where it has read the topic, whatever the reporter called the message', async () => {
    const uuid = Buffer.from('0190b7e0c0de7abc8def0123456789ab', 'hex');
    const topic = await fill('indexed', [
      ['k1', 'OLD'],
      ['k1', 'NEW'],
      ['k2', 'ONLY'],
      [null, 'no key'],
      [uuid, 'OLD'],
      [uuid, 'NEW'],
    ]);
    const ids = await Promise.all([0, 1, 2, 3, 4, 5].map((offset) => fail(topic, offset)));
    await expect
      .poll(() => fromIndex(topic, ids), SOON)
      .toEqual([`${topic}/0/1`, 'none', 'none', 'none', `${topic}/0/5`, 'none']);
  });

  it('are not excluded while the broker does not answer, and a person may still have it sent', async () => {
    const topic = await fill('away', [['k1', 'ONLY']]);
    const id = await fail(topic, 0);
    const { context, operator } = courier;
    const noAnswer = () => Promise.reject(new CourierError('broker_unreachable', 'It does not answer.'));
    const broker = Object.create(context.broker, { logEnds: { value: noAnswer } }) as Broker;
    const selected = { group: GROUP, messageIds: [id] };
    expect(await previewMany.call({ ...context, broker }, operator, selected)).toMatchObject({
      open: 0,
      overwriting: [{ topic, some: [{ messageId: id, position: null }] }],
    });
    const request = { selected, overwrite: [topic] };
    expect(await createRetry.call({ ...context, broker }, operator, request)).toMatchObject({ open: 1 });
  });

  it('are not excluded by an index that passed something over, or has not read to the end', async () => {
    const topic = await fill('gaps', [
      ['k1', 'ONLY'],
      ['k2', 'ONLY'],
    ]);
    const ids = await Promise.all([0, 1].map((offset) => fail(topic, offset)));
    await expect.poll(() => fromIndex(topic, ids), SOON).toEqual(['none', 'none']);
    const { store, catalog } = courier.context;
    const topicId = await catalog.topicId(topic);
    await recordGap(store, 'topic index', topicId, 0, { from: 0n, to: 1n });
    expect(await fromIndex(topic, ids)).toEqual(['unread', 'none']);
    // As if one more record had been written since: what the index has not read is scanned.
    expect(await fromIndex(topic, ids, 1n)).toEqual(['unread', 'unread']);
    expect((await previewOf(ids[1] ?? ''))?.skip).toBeNull();
  });
});
