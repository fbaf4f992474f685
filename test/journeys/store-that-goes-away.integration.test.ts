import net from 'node:net';
import { describe, expect, inject, it } from 'vitest';
import { startCourier } from '@/lib/testing/courier';
import { makeFact, newId } from '@/lib/testing/facts';
import { postToIntake } from '@/lib/testing/fixtures';

describe('a tracking store that goes away', () => {
  it('is said in words by the intake, and what was refused is taken once it is back', async () => {
    const server = new URL(inject('postgres'));
    const gate = await openGate(Number(server.port));
    const through = new URL(server);
    through.port = String(gate.port);
    // The server's own address makes the database; Courier reaches it through the gate.
    const courier = await startCourier(through.href, null, { COURIER_REQUEST_TIMEOUT_SECONDS: '1' });
    const send = (facts: unknown[]) =>
      postToIntake(courier, '/v1/facts', { v: 1, service: 'test', host: 'test', facts });
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

describe('a disk of the tracking store that is full', () => {
  it('is said in words by the intake and by readiness, and ends by itself', async () => {
    const courier = await startCourier(inject('postgres'), null);
    const { store } = courier.context;
    const send = () =>
      postToIntake(courier, '/v1/facts', {
        v: 1,
        service: 'test',
        host: 'test',
        facts: [makeFact('committed', newId(), 0)],
      });
    expect((await send()).status).toBe(200);
    // What PostgreSQL answers to a write that finds no room; making the disk itself full takes an administrator.
    await store.query(
      `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = '53100'; END $$`,
    );
    for (const table of ['fact', 'worker_heartbeat'])
      await store.query(
        `CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION no_room()`,
      );
    const refused = await send();
    expect(refused.status).toBe(503);
    expect(await refused.text()).toMatch(/"store_full".*disk.*full/s);
    for (const table of ['fact', 'worker_heartbeat']) await store.query(`DROP TRIGGER full_disk ON ${table}`);
    expect((await send()).status).toBe(200);
    await courier.stop();
  });
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
