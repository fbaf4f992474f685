import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { OutgoingRecord } from '@/lib/brokers/broker';
import { trimLog } from '@/lib/brokers/embedded/log';
import { searchMessages } from '@/lib/operations/messages/search';
import { writePolicy } from '@/lib/store/topics/topics';
import { newId } from '@/lib/testing/facts';
import { startCourier, type TestCourier } from '@/lib/testing/courier';

describe('the topic index', () => {
  let courier: TestCourier;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), null);
  });
  afterAll(() => courier.stop());

  const send = async (topic: string, more: Partial<OutgoingRecord>) => {
    const [answer] = await courier.context.broker.publish([
      { topic, partition: 0, key: null, value: Buffer.from('{}'), headers: [], ...more },
    ]);
    if (answer?.outcome !== 'acknowledged') throw new Error(JSON.stringify(answer));
    return answer.offset;
  };
  const newTopic = async (
    name: string,
    idHeaders: string[] = [],
    bodyPolicy: 'failures' | 'all' = 'failures',
  ) => {
    await courier.context.catalog.topicIds([name]);
    await writePolicy(courier.context.store, courier.context.cluster.id, name, {
      indexed: true,
      idHeaders,
      bodyPolicy,
    });
    await courier.context.broker.createTopics([{ name, partitions: 1 }]);
  };
  const search = async (text: string) =>
    (await searchMessages.call(courier.context, courier.operator, { text })).hits;
  const found = (text: string, count = 1) =>
    expect.poll(async () => (await search(text)).length, { timeout: 20_000 }).toBe(count);

  it('finds a message of a service without the SDK by position, key, part of the key and declared headers', async () => {
    await newTopic('plain', ['x-invoice']);
    const offset = await send('plain', {
      key: Buffer.from('invoice-80123'),
      headers: [
        ['x-invoice', Buffer.from('INV/2026/9')],
        ['x-other', Buffer.from('not-an-id')],
      ],
    });
    await found(`plain/0/${offset}`);
    for (const text of ['invoice-80123', '80123', 'invoice-80', 'x-invoice=INV/2026/9', 'INV/2026/9'])
      expect(await search(text), text).toHaveLength(1);
    expect(await search('x-other=not-an-id')).toHaveLength(0);
    expect(await search('not-an-id')).toHaveLength(0);
    const [hit] = await search('invoice-80123');
    expect(hit).toMatchObject({ topic: 'plain', key: 'invoice-80123', status: 'COMMITTED', total: 0 });
  });

  it('takes a copied id for a new message that is found by the copied id too, and nothing else that was copied', async () => {
    await newTopic('copied');
    const id = newId();
    const headers: OutgoingRecord['headers'] = [
      ['courier-id', Buffer.from(id)],
      ['courier-topic', Buffer.from('somewhere.else')],
      ['courier-type', Buffer.from('OfAnotherMessage')],
    ];
    await send('copied', { key: Buffer.from('first-copy-1'), headers });
    await send('copied', { key: Buffer.from('second-copy-2'), headers });
    await found(id, 2);
    const hits = await search(id);
    expect(new Set(hits.map((hit) => hit.id)).size).toBe(2);
    expect(hits.every((hit) => hit.id !== id)).toBe(true);
    expect(hits.map((hit) => hit.type)).toEqual([null, null]);
  });

  it('adds nothing to what a service of the SDK tells of its message', async () => {
    const service = courier.connect('order-service');
    await service.createTopics([{ name: 'told', partitions: 1 }]);
    const sent = await service.publish({ topic: 'told', type: 'OrderPaid', key: 'told-4711', payload: {} });
    await found('told-4711');
    await expect
      .poll(
        async () =>
          (
            await courier.context.store.query(
              'SELECT 1 FROM message m JOIN fact f ON f.message_id = m.id WHERE m.id = $1 AND m.indexed_at IS NOT NULL',
              [sent.id],
            )
          ).rowCount,
        { timeout: 20_000 },
      )
      .toBe(1);
    const { rows } = await courier.context.store.query(
      'SELECT copies, service FROM message_read WHERE id = $1',
      [sent.id],
    );
    expect(rows).toEqual([{ copies: 1, service: 'order-service' }]);
  });

  it('takes NUL, invalid UTF-8, odd names and huge headers, and goes on', async () => {
    await newTopic('hostile', ['x-id']);
    await send('hostile', { key: Buffer.from([0xff, 0x00, 0xfe]) });
    await send('hostile', { key: Buffer.from('nul\0inside-1') });
    await send('hostile', {
      key: Buffer.from('proto-1'),
      headers: [
        ['__proto__', Buffer.from('x')],
        ['x-id', Buffer.from('\0')],
        ['x-id', Buffer.alloc(100_000, 'a')],
        ['courier-type', Buffer.alloc(5_000, 'b')],
        ['courier-kind', Buffer.from('no-such-kind')],
        ['courier-time', Buffer.from('yesterday')],
      ],
    });
    await send('hostile', { key: Buffer.from('last-9001'), value: null });
    await found('last-9001');
    expect(await search('0xff00fe')).toHaveLength(1);
    expect(await search('proto-1')).toHaveLength(1);
    expect(await search(`0x${Buffer.from('nul\0inside-1').toString('hex')}`)).toHaveLength(1);
  });

  it('keeps bodies where the policy says all, and shows them when the log has lost them', async () => {
    await newTopic('kept', [], 'all');
    await send('kept', { key: Buffer.from('kept-5005'), value: Buffer.from('{"whole":true}') });
    await found('kept-5005');
    const [hit] = await search('kept-5005');
    const { rows } = await courier.context.store.query<{ payload: Buffer }>(
      'SELECT payload FROM body WHERE message_id = $1',
      [hit?.id],
    );
    expect(rows[0]?.payload.toString()).toBe('{"whole":true}');
  });

  it('writes a gap for what left the log before it was read, and reads what is left', async () => {
    await newTopic('gappy');
    await send('gappy', { key: Buffer.from('gappy-1001') });
    await found('gappy-1001');
    const topicId = await courier.context.catalog.findTopic('gappy');
    const setIndexed = (indexed: boolean) =>
      writePolicy(courier.context.store, courier.context.cluster.id, 'gappy', {
        indexed,
        idHeaders: [],
        bodyPolicy: 'failures',
      });
    const partitions = async () => {
      const { rows } = await courier.context.store.query<{ count: number }>(
        "SELECT (detail->>'partitions')::int AS count FROM worker_heartbeat WHERE worker = 'topic index'",
      );
      return rows[0]?.count ?? 0;
    };
    await expect.poll(partitions, { timeout: 20_000 }).toBe(6);
    await setIndexed(false);
    await expect.poll(partitions, { timeout: 20_000 }).toBe(5);
    for (const n of [1002, 1003, 1004]) await send('gappy', { key: Buffer.from(`gappy-${n}`) });
    await trimLog(courier.context.store, new Date(Date.now() + 1_000));
    await setIndexed(true);
    await send('gappy', { key: Buffer.from('gappy-1005') });
    await found('gappy-1005');
    const { rows } = await courier.context.store.query(
      `SELECT from_offset::int AS from, to_offset::int AS to FROM gap WHERE source = 'topic index' AND topic_id = $1`,
      [topicId],
    );
    expect(rows).toEqual([{ from: 1, to: 4 }]);
    expect(await search('gappy-1003')).toHaveLength(0);
  }, 60_000);

  it('finds keys of Java by their number, UUIDs in any form, and keys that look like headers', async () => {
    await newTopic('typed', ['tenant-id']);
    const int = Buffer.from([0, 0, 0x30, 0x39]);
    const uuid = '550e8400-e29b-41d4-a716-446655440042';
    const tenant = '660e8400-e29b-41d4-a716-446655440043';
    const bytes = Buffer.from(tenant.replaceAll('-', ''), 'hex');
    await send('typed', { key: int });
    await send('typed', { key: Buffer.from(`tenant1:${uuid}`) });
    await send('typed', { key: Buffer.from('dGVzdDE='), headers: [['tenant-id', bytes]] });
    await send('typed', { key: Buffer.from('customer=90210') });
    await found('customer=90210');
    expect(await search('12345')).toHaveLength(1);
    expect(await search('0x00003039')).toHaveLength(1);
    expect(await search(uuid)).toHaveLength(1);
    expect(await search(uuid.toUpperCase())).toHaveLength(1);
    expect(await search(`tenant-id=${tenant}`)).toHaveLength(1);
    expect(await search('dGVzdDE=')).toHaveLength(1);
    expect(await search('"dGVzdDE="')).toHaveLength(1);
    expect(await search('"dgvzdde="')).toHaveLength(0);
  });
});

describe('records older than the store keeps', () => {
  let courier: TestCourier;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), null, { COURIER_OLDER_RECORDS: '4' });
  });
  afterAll(() => courier.stop());

  const DAYS = [40, 400, 20_000] as const;
  const search = async (text: string) => searchMessages.call(courier.context, courier.operator, { text });

  it('are found where there is room for them, whenever they are read, and the rest is named', async () => {
    const { broker, store } = courier.context;
    await broker.createTopics([{ name: 'ancient', partitions: 1 }]);
    const write = async (key: string, days: number) => {
      // In one statement: a reader passes over a place without a record.
      await store.query(
        `WITH place AS (
           UPDATE embedded_partition p SET next_offset = next_offset + 1 FROM embedded_topic t
           WHERE t.id = p.topic_id AND t.name = 'ancient' RETURNING p.topic_id, p.next_offset - 1 AS "offset")
         INSERT INTO embedded_record (topic_id, partition, "offset", at, key, value, headers)
         SELECT topic_id, 0, "offset", now() - $1 * interval '1 day', $2, '{}', '[]' FROM place`,
        [days, Buffer.from(key)],
      );
    };
    const found = (key: string) =>
      expect.poll(async () => (await search(key)).hits.length, { timeout: 20_000 }).toBe(1);
    for (const days of DAYS) await write(`written-${days}-ago`, days);
    for (const days of DAYS) await found(`written-${days}-ago`);
    await expect
      .poll(async () => (await search('nothing-of-it')).searched.notRead, { timeout: 20_000 })
      .toEqual({ records: 0, partitions: 0, older: 0 });

    const metrics = await (await fetch(`${courier.workerUrl}/metrics`)).text();
    expect(metrics).toContain('courier_source_unread_records{cluster="embedded",source="topic index"} 0');

    for (const at of [1, 2, 3]) await write(`left-${at}`, 40);
    await write('of-today', 0);
    await found('of-today');
    await found('left-1');
    expect((await search('left-2')).hits).toEqual([]);
    await expect
      .poll(async () => (await search('left-2')).searched.notRead.older, { timeout: 20_000 })
      .toBe(2);
  });
});
