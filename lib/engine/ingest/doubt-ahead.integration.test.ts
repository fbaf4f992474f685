import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listAllMessages } from '@/lib/operations/messages/list';
import { HEADER } from '@/lib/protocol/headers';
import { isAhead, MAX_AHEAD_MS } from '@/lib/protocol/identity';
import type { TopicPolicy } from '@/lib/store/topics/topics';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { makeFact, newId } from '@/lib/testing/facts';
import type { TopicBatch } from './follow-topics';
import { indexRecords } from './index-records';

const TIMED = (recordTime: number) => ({ recordTime });

describe('an id of a clock that is far ahead', () => {
  let courier: TestCourier;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), null);
  });
  afterAll(() => courier.stop());

  const report = async (...facts: object[]) => {
    const response = await fetch(`${courier.intakeUrl}/v1/facts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${courier.token}` },
      body: JSON.stringify({ v: 1, service: 'test', host: 'test', facts }),
    });
    expect(response.status).toBe(200);
  };
  const found = async (q: string) =>
    (await listAllMessages.call(courier.context, courier.operator, { q })).rows;

  it('is no id of a message: the message has one of ours, and is found by the sender’s as well', async () => {
    const topic = 'ahead';
    await courier.context.broker.createTopics([{ name: topic, partitions: 1 }]);
    const id = newId(Date.UTC(10_889, 0, 1));
    const position = { topic, partition: 0, offset: '0' };
    await report(makeFact('handled', id, 0, { group: 'reader', position, attempt: 1 }));
    await courier.context.broker.publish([
      {
        topic,
        partition: 0,
        key: null,
        value: Buffer.from('{}'),
        headers: [
          [HEADER.id, Buffer.from(id)],
          [HEADER.topic, Buffer.from(topic)],
          [HEADER.type, Buffer.from('Early')],
        ],
      },
    ]);
    await expect.poll(async () => (await found(id)).length, { timeout: 20_000 }).toBe(1);
    const [row] = await found(id);
    expect(row?.id).not.toBe(id);
    expect(isAhead(row?.id ?? '', Date.now())).toBe(false);
    // What was reported about it is its own as well.
    await expect
      .poll(async () => (await found(id))[0]?.groups, { timeout: 20_000 })
      .toMatchObject({ handled: 1, total: 1 });
  });

  it('is one message, whatever is reported of it without a place', async () => {
    const id = newId(Date.now() + 2 * 86_400_000);
    const message = { topic: 'ahead', type: 'Early' };
    await report(makeFact('send_failed', id, 0, { message, error: { type: 'E', message: '' } }));
    await report(makeFact('send_failed', id, 1, { message, error: { type: 'E', message: '' } }));
    const rows = await found(id);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.status).toBe('SEND_FAIL');
    expect(isAhead(rows[0]?.id ?? '', Date.now())).toBe(false);
  });

  it('is made of no time that is as far ahead, whoever names it: a record, a fact or a dead letter', async () => {
    const { context } = courier;
    const far = Date.UTC(2200, 0, 1);
    const topic = 'ahead.records';
    await context.broker.createTopics([{ name: topic, partitions: 1 }]);
    const nameless = undefined as unknown as string;
    const error = { type: 'E', message: '' };
    const at = new Date(far).toISOString();
    const place = { topic, partition: 0, offset: '5' };
    await report(
      makeFact('handled', nameless, 0, { ...TIMED(far), group: 'reader', position: place, attempt: 1 }),
      makeFact('send_failed', nameless, 0, { error, message: { topic, producerId: 'p-1', sentAt: at } }),
      makeFact('send_failed', nameless, 0, { error, message: { topic, producerId: 'p-2' }, at }),
      makeFact('send_failed', nameless, 0, { error, message: { topic, producerId: 'p-2' } }),
    );
    const record = { topic, partition: 0, timestamp: far, key: null, value: Buffer.from('{}') };
    const named = { [HEADER.id]: newId(far), [HEADER.topic]: topic };
    const headers = Object.entries(named).map(([name, value]): [string, Buffer] => [
      name,
      Buffer.from(value),
    ]);
    const batch: TopicBatch = {
      topic,
      partition: 0,
      records: [
        { ...record, offset: 5n, headers: [] },
        { ...record, offset: 6n, headers },
      ],
      incarnation: 'x',
      claim: () => Promise.resolve(),
    };
    const policy = { bodyPolicy: 'none', idHeaders: [] as string[] } as unknown as TopicPolicy;
    // As often as they are read: always the same messages.
    for (let reading = 0; reading < 2; reading += 1) {
      await indexRecords(context, [batch], () => policy, null);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await expect
      .poll(async () => (await listAllMessages.call(context, courier.operator, { topic })).rows.length, {
        timeout: 20_000,
      })
      .toBe(4);
    const { rows } = await listAllMessages.call(context, courier.operator, { topic });
    for (const { id } of rows) expect(isAhead(id, Date.now() - MAX_AHEAD_MS + 60_000)).toBe(false);
    // The fact that waited for the record is of the message that the index made of it.
    await expect
      .poll(async () => (await found(`${topic}/0/5`))[0]?.groups, { timeout: 20_000 })
      .toMatchObject({ total: 1 });
  });

  it('is believed within a day, as of a clock that is a little ahead', async () => {
    const id = newId(Date.now() + 3_600_000);
    await report(makeFact('committed', id, 0, { message: { topic: 'ahead', type: 'Soon' } }));
    expect((await found(id))[0]?.id).toBe(id);
  });
});
