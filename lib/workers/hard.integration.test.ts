import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { searchMessages } from '@/lib/operations/messages/search';
import { downloadPayload, readPayload } from '@/lib/operations/messages/read-payload';
import { getMessage } from '@/lib/operations/messages/get';
import { makeFact, newId } from '@/lib/testing/facts';
import { startCourier, type TestCourier } from '@/lib/testing/courier';

const kafka = inject('kafka');
const brokers: [string, string | null][] = [['embedded', null]];
if (kafka) brokers.push(['kafka', kafka.address]);

describe.each(brokers)('what comes from outside: %s', (name, address) => {
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
    // The same place, another message: the old one's bytes are not the new one's.
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

describe('a database that goes away', () => {
  it('is said in words by the intake, and what was refused is taken once it is back', async () => {
    const server = new URL(inject('postgres'));
    const gate = await openGate(Number(server.port));
    const through = new URL(server);
    through.port = String(gate.port);
    // The server's own address makes the database; Courier reaches it through the gate.
    const courier = await startCourier(through.href, null, { COURIER_REQUEST_TIMEOUT_SECONDS: '1' });
    const send = (facts: unknown[]) =>
      fetch(`${courier.intakeUrl}/v1/facts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${courier.token}` },
        body: JSON.stringify({ v: 1, service: 'test', host: 'test', facts }),
      });
    const service = courier.connect('order-service');
    const topic = 'away.orders';
    await service.createTopics([{ name: topic, partitions: 1 }]);
    const fact = makeFact('committed', newId(), 0);
    expect((await send([fact])).status).toBe(200);
    gate.close();
    const other = makeFact('committed', newId(), 0);
    const refused = await send([other]);
    expect(refused.status).toBe(503);
    expect(await refused.text()).toMatch(/tracking store does not answer.*Send again/s);
    expect(refused.headers.get('retry-after')).toBe('1');
    await gate.open();
    await expect.poll(async () => (await send([other])).status, { timeout: 30_000 }).toBe(200);
    const { rowCount } = await courier.context.store.query('SELECT 1 FROM fact WHERE fact_id = ANY($1)', [
      [fact.factId, other.factId],
    ]);
    expect(rowCount).toBe(2);
    const sent = await service.publish({ topic, type: 'T', payload: {} });
    await expect
      .poll(
        async () =>
          (await courier.context.store.query('SELECT 1 FROM message WHERE id = $1', [sent.id])).rowCount,
        { timeout: 40_000 },
      )
      .toBe(1);
    await courier.stop();
    gate.close();
  }, 120_000);
});

/** A door to a port that can be shut: shut, it ends every connection and refuses new ones. */
async function openGate(target: number) {
  const sockets = new Set<net.Socket>();
  let server: net.Server | undefined;
  let port = 0;
  const open = () =>
    new Promise<void>((resolve) => {
      const made = net.createServer((client) => {
        const out = net.connect(target, '127.0.0.1');
        for (const socket of [client, out]) {
          sockets.add(socket);
          socket.on('error', () => undefined);
          socket.on('close', () => {
            sockets.delete(socket);
            client.destroy();
            out.destroy();
          });
        }
        client.pipe(out).pipe(client);
      });
      server = made;
      made.listen(port, '127.0.0.1', () => {
        port = (made.address() as net.AddressInfo).port;
        resolve();
      });
    });
  await open();
  return {
    port,
    open,
    close() {
      server?.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
