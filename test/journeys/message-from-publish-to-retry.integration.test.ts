import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createRetry } from '@/lib/operations/retries/create';
import { previewRetry } from '@/lib/operations/retries/preview';
import { getMessage } from '@/lib/operations/messages/get';
import { listDeadLetterTopics } from '@/lib/operations/topics/list-dead-letters';
import { loadRecord } from '@/lib/engine/records/load-record';
import { readLagNow } from '@/lib/store/lag/read-lag';
import { readItems } from '@/lib/store/retries/items';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { brokersUnderTest } from '@/lib/testing/fixtures';

describe.each(brokersUnderTest())('a message from publish to retry: %s', (name, address) => {
  let courier: TestCourier;
  const prefix = `${name}-${randomBytes(4).toString('hex')}`;
  const topic = `${prefix}.orders`;

  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), address);
  });
  afterAll(() => courier.stop());

  const statusOf = async (id: string, group: string) => {
    const { rows } = await courier.context.store.query<{
      status: string;
      attempts: number;
      gave_up_to: string | null;
      generation: number;
    }>(
      `SELECT d.status, d.attempts, d.gave_up_to, (d.outcome / 4)::int AS generation FROM delivery d
       JOIN consumer_group g ON g.id = d.group_id WHERE d.message_id = $1 AND g.name = $2`,
      [id, group],
    );
    return rows[0];
  };

  it('is committed, handled by one group, dead-lettered by another, and handled there after a retry that only it sees', async () => {
    const service = courier.connect('order-service');
    const [fine, broken] = [`${prefix}.inventory`, `${prefix}.payment`];
    await service.createTopics([{ name: topic, partitions: 2 }]);
    const seen: string[] = [];
    let funds = false;
    const retry = { attempts: 2, firstMs: 50 };
    await service.subscribe({
      group: fine,
      topics: [topic],
      from: 'beginning',
      retry,
      handle: (m) => void seen.push(`inventory ${m.id} ${m.attempt}`),
    });
    await service.subscribe<{ total: number }>({
      group: broken,
      topics: [topic],
      from: 'beginning',
      retry,
      handle: (m) => {
        seen.push(`payment ${m.id} ${m.generation}.${m.attempt}`);
        if (!funds) throw new RangeError(`balance 12.40 < ${m.payload.total}`);
      },
    });
    const sent = await service.publish({
      topic,
      type: 'OrderPaid',
      version: 2,
      key: '4711',
      payload: { orderId: '4711', total: 99 },
      headers: [
        ['tenant', 'shop'],
        ['tenant', 'again'],
      ],
    });

    await expect
      .poll(() => statusOf(sent.id, fine), { timeout: 20_000 })
      .toMatchObject({ status: 'HANDLED', attempts: 1 });
    await expect
      .poll(() => statusOf(sent.id, broken), { timeout: 20_000 })
      .toMatchObject({ status: 'HANDLE_FAIL', attempts: 2 });
    await expect.poll(async () => (await statusOf(sent.id, broken))?.gave_up_to).toMatch(/^courier\.dlq\./);
    const letters = () =>
      courier.context.store.query('SELECT 1 FROM dead_letter WHERE message_id = $1', [sent.id]);
    await expect.poll(async () => (await letters()).rowCount, { timeout: 15_000 }).toBe(1);
    expect(await statusOf(sent.id, broken)).toMatchObject({ attempts: 2 });
    const deadLetters = async () => {
      const list = await listDeadLetterTopics.call(courier.context, courier.operator, {});
      return list.rows.find((row) => row.name === `courier.dlq.${broken}`);
    };
    expect(await deadLetters()).toMatchObject({
      group: broken,
      dialect: 'Courier SDK',
      records: 1,
      gaveUp: 1,
    });
    expect((await deadLetters())?.hours?.slice(-2)).toContain(1);

    const loaded = await loadRecord(courier.context, sent.id);
    expect(loaded.found).toMatchObject({
      from: 'broker',
      position: `${topic}/${sent.partition}/${sent.offset}`,
    });
    const input = { messageId: sent.id, groups: [broken] };
    const preview = await previewRetry.call(courier.context, courier.operator, input);
    expect(preview.items).toEqual([
      expect.objectContaining({ targetTopic: `courier.retry.${broken}`, others: [], skip: null }),
    ]);

    funds = true;
    const request = { selected: input, reason: 'the account has money', idempotencyKey: `click-${prefix}` };
    const accepted = await Promise.all(
      [1, 2, 3, 4].map(() => createRetry.call(courier.context, courier.operator, request)),
    );
    expect(new Set(accepted.map((item) => item.id)).size).toBe(1);
    await expect(
      createRetry.call(courier.context, courier.operator, { ...request, reason: 'another' }),
    ).rejects.toThrow(/Idempotency-Key/);

    await expect
      .poll(() => statusOf(sent.id, broken), { timeout: 20_000 })
      .toMatchObject({ status: 'HANDLED', generation: 1 });
    // The record stays on its topic, but nothing of it fails any more.
    expect(await deadLetters()).toMatchObject({ records: 1, gaveUp: 0 });
    const items = () => readItems(courier.context.store, { messageId: sent.id });
    await expect
      .poll(async () => (await items()).map((item) => item.state), { timeout: 10_000 })
      .toEqual(['HANDLED']);
    expect(seen.filter((line) => line.startsWith('payment') && line.includes(' 1.'))).toEqual([
      `payment ${sent.id} 1.1`,
    ]);
    expect(seen.filter((line) => line.startsWith('inventory'))).toEqual([`inventory ${sent.id} 1`]);

    const [item] = await items();
    const [copy] = await courier.context.broker.fetch(
      [
        {
          topic: item?.targetTopic ?? '',
          partition: item?.sentPartition ?? 0,
          offset: BigInt(item?.sentOffset ?? 0),
        },
      ],
      { maxBytes: 1, waitMs: 1000 },
    );
    const original = loaded.found?.headers ?? [];
    expect(copy?.records[0]?.headers.slice(0, original.length)).toEqual(original);
    expect(copy?.records[0]?.value).toEqual(loaded.found?.value);
    expect(
      (await courier.context.store.query("SELECT 1 FROM audit_entry WHERE operation = 'retries.create'"))
        .rowCount,
    ).toBe(1);
  });

  it('gives a group its position on every partition at once, so that none is passed over or unknown', async () => {
    const service = courier.connect('new-service');
    const group = `${prefix}.new`;
    await service.createTopics([{ name: group, partitions: 3 }]);
    await service.publish({ topic: group, type: 'Before', key: 'a', payload: 1 });
    const subscription = await service.subscribe({ group, topics: [group], handle: () => undefined });
    const positions = async () =>
      (
        await courier.context.broker.positions([{ name: group, type: 'classic', state: 'Stable' }])
      ).positions.filter((position) => position.topic === group).length;
    await expect.poll(positions, { timeout: 20_000 }).toBe(3);
    await subscription.stop();
    const sent = await service.publish({ topic: group, type: 'Between', key: 'b', payload: 2 });
    const seen: (string | undefined)[] = [];
    await service.subscribe({ group, topics: [group], handle: (message) => void seen.push(message.id) });
    await expect.poll(() => seen, { timeout: 20_000 }).toEqual([sent.id]);
  });

  it('measures the lag of groups, in records and in time', async () => {
    const service = courier.connect('lag-service');
    const group = `${prefix}.slow`;
    const slow = `${prefix}.slow`;
    await service.createTopics([{ name: slow, partitions: 1 }]);
    const subscription = await service.subscribe({
      group,
      topics: [slow],
      from: 'beginning',
      handle: () => undefined,
    });
    await service.publish({ topic: slow, type: 'Tick', payload: 1 });
    const lag = async () =>
      (await readLagNow(courier.context.store, courier.context.cluster.id)).find(
        (row) => row.group === group && row.topic === slow,
      );
    await expect.poll(async () => (await lag())?.committed, { timeout: 20_000 }).toBe(1n);
    await subscription.stop();
    for (let n = 0; n < 3; n += 1) await service.publish({ topic: slow, type: 'Tick', payload: n });
    await expect.poll(async () => (await lag())?.end, { timeout: 20_000 }).toBe(4n);
    expect((await lag())?.committed).toBe(1n);
    await expect
      .poll(async () => (await lag())?.judged?.delay?.seconds ?? 0, { timeout: 20_000 })
      .toBeGreaterThan(1);
  });

  it('shows a payload that is no JSON as not delivered, and gives it up at once', async () => {
    const service = courier.connect('garbage-service');
    const group = `${prefix}.garbage`;
    await service.createTopics([{ name: group, partitions: 1 }]);
    await service.subscribe({ group, topics: [group], from: 'beginning', handle: () => undefined });
    const sent = await service.publish({
      topic: group,
      type: 'Garbage',
      payload: Buffer.from([0xff, 0x00, 0xfe]),
    });
    await expect
      .poll(() => statusOf(sent.id, group), { timeout: 20_000 })
      .toMatchObject({ status: 'PUSH_FAIL', attempts: 1 });
  });

  it('shows what a handler chose to skip as done', async () => {
    const service = courier.connect('skip-service');
    const group = `${prefix}.skipping`;
    await service.createTopics([{ name: group, partitions: 1 }]);
    await service.subscribe({
      group,
      topics: [group],
      from: 'beginning',
      handle: (message) => message.skip('seen before'),
    });
    const sent = await service.publish({ topic: group, type: 'Seen', payload: 1 });
    await expect
      .poll(() => statusOf(sent.id, group), { timeout: 20_000 })
      .toMatchObject({ status: 'HANDLED' });
    const story = await getMessage.call(courier.context, courier.operator, { id: sent.id });
    expect(story.where[0]).toMatchObject({ kind: 'handled', groups: [{ group, skipped: true }] });
  });

  it('says since when a group that is not done with it has reported nothing', async () => {
    const service = courier.connect('quiet-service');
    const group = `${prefix}.quiet`;
    await service.createTopics([{ name: group, partitions: 1 }]);
    const subscription = await service.subscribe({
      group,
      topics: [group],
      from: 'beginning',
      retry: { attempts: 1 },
      handle: () => Promise.reject(new RangeError('no')),
    });
    const sent = await service.publish({ topic: group, type: 'Quiet', payload: 1 });
    await expect
      .poll(() => statusOf(sent.id, group), { timeout: 20_000 })
      .toMatchObject({ status: 'HANDLE_FAIL' });
    const silent = async () =>
      (await getMessage.call(courier.context, courier.operator, { id: sent.id })).silent;
    expect(await silent()).toEqual([]);
    await subscription.stop();
    await courier.context.store.query(
      "UPDATE instance SET last_seen_at = now() - interval '10 minutes' WHERE $1 = ANY(groups)",
      [group],
    );
    expect(await silent()).toEqual([{ group, since: expect.any(String) as string }]);
  });

  it('reports a send that the broker refused', async () => {
    const service = courier.connect('lost-service');
    const error = await service
      .publish({ topic: `${prefix}.none`, type: 'Lost', payload: 1 })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'PublishError' });
    const id = (error as { id: string }).id;
    const status = async () =>
      (
        await courier.context.store.query<{ status: string }>(
          'SELECT status FROM message_read WHERE id = $1',
          [id],
        )
      ).rows[0]?.status;
    await expect.poll(status, { timeout: 20_000 }).toBe('SEND_FAIL');
  });
});
