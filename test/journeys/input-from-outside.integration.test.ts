import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { searchMessages } from '@/lib/operations/messages/search';
import { downloadPayload, readPayload } from '@/lib/operations/messages/read-payload';
import { getMessage } from '@/lib/operations/messages/get';
import { makeFact, newId } from '@/lib/testing/facts';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { brokersUnderTest } from '@/lib/testing/fixtures';

describe.each(brokersUnderTest())('what comes from outside: %s', (name, address) => {
  let courier: TestCourier;
  const prefix = `hard-${name}-${randomBytes(3).toString('hex')}`;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), address);
  });
  afterAll(() => courier.stop());

  const search = async (text: string) =>
    (await searchMessages.call(courier.context, courier.operator, { text })).hits;

  it('refuses a message of 10 MB in words, and its neighbours go through', async () => {
    const service = courier.connect('order-service');
    const topic = `${prefix}.large`;
    await service.createTopics([{ name: topic, partitions: 1 }]);
    const before = await service.publish({ topic, type: 'T', key: `${prefix}-before-1`, payload: {} });
    await expect(
      service.publish({ topic, type: 'T', key: 'large-1', payload: 'x'.repeat(10 * 1024 * 1024) }),
    ).rejects.toThrow(/large|bytes/i);
    const after = await service.publish({ topic, type: 'T', key: `${prefix}-after-1`, payload: {} });
    for (const sent of [before, after])
      await expect.poll(async () => (await search(sent.id)).length, { timeout: 20_000 }).toBe(1);
    // What the broker does not have is shown as not sent, with why.
    await expect
      .poll(async () => (await search('large-1'))[0]?.status, { timeout: 20_000 })
      .toBe('SEND_FAIL');
  });

  it('gives payloads back byte for byte, whatever they are, as a file', async () => {
    const topic = `${prefix}.bytes`;
    await courier.context.broker.createTopics([{ name: topic, partitions: 1 }]);
    const value = Buffer.concat([Buffer.from([0, 255, 254, 0xed, 0xa0, 0x80]), randomBytes(1_000)]);
    const key = Buffer.from(`${prefix}-bytes-77`);
    await courier.context.broker.publish([{ topic, partition: 0, key, value, headers: [] }]);
    await expect.poll(async () => (await search(key.toString())).length, { timeout: 20_000 }).toBe(1);
    const [hit] = await search(key.toString());
    const id = hit?.id ?? '';
    const shown = await readPayload.call(courier.context, courier.operator, { id });
    expect(shown.payload).toMatchObject({ state: 'binary', text: null, size: value.length });
    expect((await downloadPayload.call(courier.context, courier.operator, { id })).bytes).toEqual(value);
    await expect(downloadPayload.call(courier.context, courier.operator, { id: newId() })).rejects.toThrow(
      /not there any more/,
    );
  });

  it('takes a topic that was deleted and made anew for another one', async () => {
    const topic = `${prefix}.anew`;
    const send = async (text: string) => {
      const [answer] = await courier.context.broker.publish([
        { topic, partition: 0, key: Buffer.from(text), value: Buffer.from('{}'), headers: [] },
      ]);
      if (answer?.outcome !== 'acknowledged') throw new Error(JSON.stringify(answer));
    };
    await courier.context.broker.createTopics([{ name: topic, partitions: 1 }]);
    await send(`${prefix}-old-101`);
    await expect.poll(async () => (await search(`${prefix}-old-101`)).length, { timeout: 20_000 }).toBe(1);
    await courier.context.broker.deleteTopic(topic);
    await expect
      .poll(async () => (await courier.context.broker.topics()).some((item) => item.name === topic))
      .toBe(false);
    await expect
      .poll(() => courier.context.broker.createTopics([{ name: topic, partitions: 1 }]))
      .toEqual([topic]);
    await send(`${prefix}-new-102`);
    await expect.poll(async () => (await search(`${prefix}-new-102`)).length, { timeout: 30_000 }).toBe(1);
    const [old] = await search(`${prefix}-old-101`);
    const [fresh] = await search(`${prefix}-new-102`);
    // The same position, another message: the old message must not get the bytes of the new one.
    const bytes = (id: string | undefined) =>
      readPayload.call(courier.context, courier.operator, { id: id ?? '' });
    expect((await bytes(fresh?.id)).from).toBe('broker');
    expect((await bytes(old?.id)).from).toBeNull();
    expect(fresh?.id).not.toBe(old?.id);
    expect((await search(`${topic}/0/0`)).map((hit) => hit.id).sort()).toEqual([old?.id, fresh?.id].sort());
  }, 90_000);

  it('keeps facts of a message that nobody announced, and joins them when it is announced', async () => {
    const id = newId();
    const send = (facts: unknown[]) =>
      fetch(`${courier.intakeUrl}/v1/facts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${courier.token}` },
        body: JSON.stringify({ v: 1, service: 'test', host: 'test', facts }),
      });
    const handled = makeFact('handled', id, 1, { group: `${prefix}.group`, attempt: 1 });
    expect((await send([handled])).status).toBe(200);
    const alone = await getMessage.call(courier.context, courier.operator, { id });
    expect(alone).toMatchObject({ status: 'HANDLED', topic: null });
    const key = `${prefix}-announced-9`;
    const committed = makeFact('committed', id, 0, { message: { topic: `${prefix}.late`, type: 'T', key } });
    expect((await send([committed])).status).toBe(200);
    expect(await getMessage.call(courier.context, courier.operator, { id })).toMatchObject({
      status: 'HANDLED',
      topic: `${prefix}.late`,
      key,
    });
  });
});
