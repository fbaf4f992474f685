import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listAllMessages } from '@/lib/operations/messages/list';
import { HEADER } from '@/lib/protocol/headers';
import { isAhead } from '@/lib/protocol/identity';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { makeFact, newId } from '@/lib/testing/facts';

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

  it('is believed within a day, as of a clock that is a little ahead', async () => {
    const id = newId(Date.now() + 3_600_000);
    await report(makeFact('committed', id, 0, { message: { topic: 'ahead', type: 'Soon' } }));
    expect((await found(id))[0]?.id).toBe(id);
  });
});
