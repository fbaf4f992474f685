import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer, connect as dial, type AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { connect } from '@/lib/sdk';
import { makeFact, newId } from '@/lib/testing/facts';
import { ask, signIn } from './courier';

const target = inject('target');
const { tokens } = target;
const now = () => new Date().toISOString();
const post = (service: keyof typeof tokens, route: string, body: unknown) =>
  ask(target.intake + route, { token: tokens[service], body });

describe('what lasts in a Courier under attack', () => {
  let cookie = '';
  // A session that only asks the API ends after a minute here.
  beforeEach(async () => {
    ({ cookie } = await signIn(target, 'admin', target.password));
  });
  const console_ = async (route: string) => (await ask(target.console + route, { cookie })).body;

  it('is no message of the future, whoever names it (F31)', async () => {
    const far = '2200-01-01T00:00:00.000Z';
    const sent = { error: { type: 'E', message: '' }, service: 'stranger' };
    const nameless = undefined as unknown as string;
    const message = { topic: 'future.own', type: 'FromTheFuture' };
    const reported = await post('stranger', '/v1/facts', {
      v: 1,
      service: 'stranger',
      host: 'h',
      facts: [
        makeFact('committed', newId(Date.parse(far)), 0, { at: now(), message, service: 'stranger' }),
        makeFact('send_failed', nameless, 0, { ...sent, at: far, message: { ...message, producerId: 'a' } }),
        makeFact('send_failed', nameless, 0, {
          ...sent,
          at: now(),
          message: { ...message, producerId: 'b', sentAt: far },
        }),
      ],
    });
    expect(reported.status, reported.text).toBe(200);
    const rows = async () => (await console_('/api/messages?topic=future.own')).rows as { id: string }[];
    await expect.poll(async () => (await rows()).length, { timeout: 10_000 }).toBe(3);
    for (const { id } of await rows())
      expect(id.slice(0, 8) <= newId(Date.now() + 60_000).slice(0, 8), id).toBe(true);
  });

  it('is no retry that nobody answers (F16)', async () => {
    const topic = 'lasting.orders';
    await post('orders-service', '/v1/broker/topics', { topics: [{ name: topic, partitions: 1 }] });
    const id = newId();
    const headers = Object.entries({ 'courier-id': id, 'courier-topic': topic });
    const published = await post('orders-service', '/v1/broker/publish', {
      records: [
        {
          topic,
          key: null,
          value: Buffer.from('{}').toString('base64'),
          headers: headers.map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
        },
      ],
    });
    expect(published.status).toBe(200);
    const failed = makeFact('handle_failed', id, 0, {
      at: now(),
      group: 'lasting.cg',
      service: 'payment-service',
      attempt: 1,
      error: { type: 'E', message: 'm' },
      position: { topic, partition: 0, offset: '0' },
      gaveUp: { to: null },
    });
    const facts = { v: 1, service: 'payment-service', host: 'h', facts: [failed] };
    expect((await post('payment-service', '/v1/facts', facts)).status).toBe(200);
    await expect.poll(async () => (await console_(`/api/messages/${id}`)).status).toBe('HANDLE_FAIL');
    const retry = async () =>
      ask(`${target.console}/api/retries`, {
        cookie,
        body: { messageId: id, groups: ['lasting.cg'] },
        headers: { 'idempotency-key': newId(), origin: target.console },
      });
    const first = await retry();
    expect(first.status, first.text).toBe(202);
    const items = async (answer: typeof first) =>
      (await console_(`/api/retries/${String(answer.body.id)}/items`)).rows as { state: string }[];
    await expect
      .poll(async () => (await items(first)).map((item) => item.state), { timeout: 60_000 })
      .toEqual(['NO_ANSWER']);
    // The control: it may be retried again.
    const second = await retry();
    expect(second.body).toMatchObject({ items: { 'lasting.cg': 'PENDING' } });
  });

  it('is no service that ends because Courier was away when it began (F29)', async () => {
    // A door that is shut at first: nothing listens there.
    const gate = createServer();
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    const { port } = gate.address() as AddressInfo;
    await new Promise((resolve) => gate.close(resolve));
    const service = connect({
      service: 'payment-service',
      intakeUrl: `http://127.0.0.1:${port}`,
      token: tokens['payment-service'],
    });
    const handled: string[] = [];
    const topic = 'lasting.orders';
    await service.subscribe({
      group: 'lasting.late',
      topics: [topic],
      handle: ({ id }) => void handled.push(id ?? ''),
    });
    const intake = new URL(target.intake);
    const door = createServer((client) => {
      const out = dial(Number(intake.port), intake.hostname);
      for (const socket of [client, out]) socket.on('error', () => client.destroy());
      client.pipe(out).pipe(client);
    });
    await new Promise<void>((resolve) => door.listen(port, '127.0.0.1', resolve));
    const sender = connect({
      service: 'orders-service',
      intakeUrl: target.intake,
      token: tokens['orders-service'],
    });
    // It reads the records that are written once it has joined.
    const sendAndSee = async () => {
      await sender.publish({ topic, type: 'Late', payload: {} });
      return handled.length;
    };
    await expect.poll(sendAndSee, { timeout: 40_000, interval: 500 }).toBeGreaterThan(0);
    await Promise.all([service.close(), sender.close()]);
    door.close();
  });

  it('is no plan for each combination of filters that somebody chose (F14)', async () => {
    const filters = ['topic', 'group', 'type', 'service', 'key', 'error'];
    const asked = Array.from({ length: 2 ** filters.length }, (_, bits) =>
      filters.filter((_name, at) => (bits >> at) % 2 === 1).map((name) => `${name}=x`),
    );
    for (const query of asked)
      expect((await ask(`${target.console}/api/messages?${query.join('&')}`, { cookie })).status).toBe(200);
    const postmaster = fs
      .readFileSync(path.join(target.folder, 'postgres/postmaster.pid'), 'utf8')
      .split('\n')[0];
    const sizes = execFileSync('ps', ['-o', 'rss=', '--ppid', postmaster ?? ''])
      .toString()
      .trim()
      .split(/\s+/);
    expect(sizes.length).toBeGreaterThan(3);
    for (const size of sizes) expect(Number(size)).toBeLessThan(200_000);
  });

  it('is no log that others read, or that repeats what users wrote (F13)', async () => {
    const secret = 'a-name-that-is-nobodys';
    expect((await signIn(target, secret, 'wrong')).status).toBe(401);
    const log = path.join(target.folder, 'postgres.log');
    expect(fs.statSync(log).mode & 0o777).toBe(0o600);
    const text = fs.readFileSync(log, 'utf8');
    expect(text).toContain('ready to accept connections');
    expect(text).not.toMatch(new RegExp(`${secret}|future\\.own|STATEMENT`));
  });
});
