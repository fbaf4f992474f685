import { request as httpRequest } from 'node:http';
import { createConnection } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { connect, type Courier } from '@/lib/sdk';
import { makeFact, newId } from '@/lib/testing/facts';
import { ask, signIn } from './courier';

const target = inject('target');
const { tokens } = target;

const at = (token: string, route: string, body: unknown, signal?: AbortSignal) =>
  ask(target.intake + route, { token, body, ...(signal ? { signal } : {}) });
const PHASES = ['reading', 'queued', 'working', 'waiting', 'answering'];
const active = async () => {
  const { text } = await ask(`${target.worker}/metrics`);
  const count = (phase: string) =>
    Number(new RegExp(`courier_intake_active_requests\\{phase="${phase}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  return Object.fromEntries(PHASES.map((phase) => [phase, count(phase)]));
};
const join = (group: string, member: string, topics = ['attack.orders']) => ({
  group,
  member,
  clientId: 'c',
  host: 'h',
  topics,
  fromBeginning: true,
});

describe('the intake under attack', () => {
  const services: Courier[] = [];
  beforeAll(async () => {
    const { status } = await at(tokens['orders-service'], '/v1/broker/topics', {
      topics: [
        { name: 'attack.orders', partitions: 1 },
        { name: 'error', partitions: 1 },
      ],
    });
    expect(status).toBe(200);
  });
  afterEach(async () => {
    await expect
      .poll(active, { timeout: 20_000 })
      .toMatchObject({ reading: 0, queued: 0, working: 0, answering: 0 });
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.close()));
    await vi.waitFor(
      async () => expect(await active()).toEqual(Object.fromEntries(PHASES.map((phase) => [phase, 0]))),
      20_000,
    );
  });

  it('answers a poll without positions when its time is over (F1)', async () => {
    const token = tokens['payment-service'];
    const joined = await at(token, '/v1/broker/join', join('attack.empty', 'm'));
    const poll = {
      group: 'attack.empty',
      member: 'm',
      generation: joined.body.generation,
      maxBytes: 1_000,
      positions: [],
    };
    const began = performance.now();
    const answer = await at(token, '/v1/broker/poll', { ...poll, waitMs: 300 });
    expect(answer).toMatchObject({ status: 200, body: { rejoin: false, records: [] } });
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
  });

  it('answers known services while strangers try tokens', async () => {
    const known = tokens['orders-service'];
    const fact = () => ({
      v: 1,
      service: 'orders-service',
      host: 'h',
      facts: [makeFact('committed', newId(), 0, { message: { topic: 'attack.orders', type: 'OrderPaid' } })],
    });
    expect((await at(known, '/v1/facts', fact())).status).toBe(200);
    const strangers = Promise.all(
      Array.from({ length: 2_000 }, (_, number) => at(`guess-${number}`, '/v1/facts', fact())),
    );
    const answers = [];
    for (let number = 0; number < 20; number += 1) answers.push(await at(known, '/v1/facts', fact()));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const statuses = new Set((await strangers).map(({ status }) => status));
    expect(statuses).toEqual(new Set([401, 429]));
  });

  it('lets go of waiting polls whose client is gone, however many there were (F1)', async () => {
    const token = tokens['payment-service'];
    const joined = await at(token, '/v1/broker/join', join('attack.gone', 'm'));
    const gone = new AbortController();
    const poll = {
      group: 'attack.gone',
      member: 'm',
      generation: joined.body.generation,
      maxBytes: 1_000,
      positions: [],
      waitMs: 30_000,
    };
    const polls = Array.from({ length: 300 }, () =>
      at(token, '/v1/broker/poll', poll, gone.signal).catch(() => null),
    );
    await expect.poll(async () => (await active()).waiting, { timeout: 20_000 }).toBeGreaterThanOrEqual(300);
    // They take no place that others need.
    expect((await at(tokens['orders-service'], '/v1/broker/topics', { topics: [] })).status).toBe(200);
    gone.abort();
    await Promise.all(polls);
    await expect.poll(async () => (await active()).waiting, { timeout: 20_000 }).toBeLessThan(300);
  });

  it('keeps a group of more members than partitions quiet (F1)', async () => {
    const two = ['a', 'b'].map(() =>
      connect({ service: 'payment-service', intakeUrl: target.intake, token: tokens['payment-service'] }),
    );
    services.push(...two);
    const handled: string[] = [];
    for (const service of two)
      await service.subscribe({
        group: 'attack.wide',
        topics: ['attack.orders'],
        handle: ({ id }) => void handled.push(id ?? ''),
      });
    const generation = async () => {
      const joined = await at(tokens['payment-service'], '/v1/broker/join', join('attack.wide', 'probe'));
      await at(tokens['payment-service'], '/v1/broker/leave', { group: 'attack.wide', member: 'probe' });
      return Number(joined.body.generation);
    };
    const before = await generation();
    // Longer than a member may be silent: the one without a partition must not be taken for gone.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    // The probe itself joins and leaves.
    expect((await generation()) - before).toBe(2);
    const sender = connect({
      service: 'orders-service',
      intakeUrl: target.intake,
      token: tokens['orders-service'],
    });
    services.push(sender);
    const { id } = await sender.publish({ topic: 'attack.orders', type: 'Order', payload: {} });
    await expect.poll(() => handled, { timeout: 20_000 }).toContain(id);
  });

  it('lets no token take the places of others with bodies that do not come (F17)', async () => {
    const open = Array.from({ length: 246 }, () => {
      const sent = httpRequest(`${target.intake}/v1/facts`, {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${tokens.stranger}`,
          'content-length': '100',
        },
      });
      sent.on('error', () => undefined);
      sent.on('response', (response) => response.resume());
      sent.write('{"v":1,');
      return sent;
    });
    await expect.poll(async () => (await active()).reading, { timeout: 20_000 }).toBeGreaterThan(0);
    for (let probe = 0; probe < 5; probe += 1)
      expect((await at(tokens['orders-service'], '/v1/broker/topics', { topics: [] })).status).toBe(200);
    // Only the time limit of a body ends them.
    await expect.poll(async () => (await active()).reading, { timeout: 20_000 }).toBe(0);
    for (const sent of open) sent.destroy();
  });

  it('holds few answers that nobody reads, and not for long (F1, F17)', async () => {
    const token = tokens.stranger;
    const topic = 'attack.unread';
    await at(token, '/v1/broker/topics', { topics: [{ name: topic, partitions: 1 }] });
    const record = { topic, key: null, value: Buffer.alloc(700_000, 'x').toString('base64'), headers: [] };
    for (let sent = 0; sent < 8; sent += 1)
      expect((await at(token, '/v1/broker/publish', { records: [record] })).status).toBe(200);
    const joined = await at(token, '/v1/broker/join', join('attack.unread', 'm', [topic]));
    const body = JSON.stringify({
      group: 'attack.unread',
      member: 'm',
      generation: joined.body.generation,
      waitMs: 0,
      maxBytes: 10_000_000,
      positions: [{ topic, partition: 0, offset: '0' }],
    });
    // The control: who reads the answer gets all of it.
    const read = await at(token, '/v1/broker/poll', body);
    expect(read.body.records).toHaveLength(8);
    const { hostname, port } = new URL(target.intake);
    const sockets = Array.from({ length: 60 }, () => {
      const socket = createConnection(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.pause();
      socket.write(
        `POST /v1/broker/poll HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      return socket;
    });
    await expect.poll(async () => (await active()).answering, { timeout: 20_000 }).toBe(8);
    expect((await at(tokens['orders-service'], '/v1/broker/topics', { topics: [] })).status).toBe(200);
    await expect.poll(async () => (await active()).answering, { timeout: 30_000 }).toBe(0);
    for (const socket of sockets) socket.destroy();
  });

  it('leaves others room on the embedded broker, whatever one service asks for', async () => {
    const many = (begin: string) =>
      [1, 2, 3].map((number) => ({ name: `${begin}.${number}`, partitions: 900 }));
    const refused = await at(tokens.stranger, '/v1/broker/topics', { topics: many('attack.room') });
    expect(refused.status).toBe(403);
    expect(refused.body.error?.message).toContain('of 2500 at most');
    const small = [{ name: 'attack.some', partitions: 3 }];
    for (const token of [tokens.stranger, tokens['orders-service']])
      expect((await at(token, '/v1/broker/topics', { topics: small })).status).toBe(200);
  });

  it('takes no reports of one service about the groups of another, at any door, and keeps those that are its own (F5)', async () => {
    const owner = tokens['payment-service'];
    expect((await at(owner, '/v1/broker/join', join('attack.owned', 'm'))).status).toBe(200);
    const facts = (group: string) => makeFact('handled', newId(), 0, { group, attempt: 1 });
    const batch = (...list: object[]) => ({ v: 1, service: 'x', host: 'x', facts: list });
    const foreign = await at(tokens.stranger, '/v1/facts', batch(facts('attack.owned')));
    expect(foreign.status).toBe(403);
    expect(foreign.body.error?.message).toMatch(
      /^facts\.0: The group "attack\.owned" belongs to the service payment-service.*courier group "attack\.owned" --owner "stranger"/,
    );
    const mixed = await at(tokens.stranger, '/v1/facts', batch(facts('attack.own'), facts('attack.owned')));
    expect(mixed.body).toMatchObject({ kept: 1, refused: [{ place: 'facts.1' }] });
    expect((await at(owner, '/v1/facts', batch(facts('attack.owned')))).body).toEqual({ kept: 1 });
    // The same through the topic of facts.
    const record = (...list: object[]) => ({
      records: [
        {
          topic: 'courier.facts',
          key: null,
          value: Buffer.from(JSON.stringify(batch(...list))).toString('base64'),
          headers: [],
        },
      ],
    });
    const through = await at(tokens.stranger, '/v1/broker/publish', record(facts('attack.owned')));
    expect(through.body.answers).toMatchObject([
      { outcome: 'refused', refusedFacts: [{ place: 'facts.0' }] },
    ]);
    const some = await at(
      tokens.stranger,
      '/v1/broker/publish',
      record(facts('attack.own'), facts('attack.owned')),
    );
    expect(some.body.answers).toMatchObject([
      { outcome: 'acknowledged', refusedFacts: [{ place: 'facts.1' }] },
    ]);
    const own = await at(owner, '/v1/broker/publish', record(facts('attack.owned')));
    expect(own.body.answers).toMatchObject([{ outcome: 'acknowledged' }]);
  });

  it('announces no group, instance, retry topic or service of another, and reads none of its topics (F5)', async () => {
    const owner = tokens['payment-service'];
    const beat = (more: object, service = 'payment-service') => ({
      v: 1,
      instance: `${service}@h#1`,
      service,
      release: '1',
      host: 'h',
      process: '1',
      dropped: 0,
      subscriptions: [
        {
          group: 'attack.announced',
          topics: ['attack.orders'],
          retryTopic: null,
          retryReady: false,
          member: 'm',
          ...more,
        },
      ],
    });
    expect((await at(owner, '/v1/instances', beat({}))).status).toBe(200);
    expect((await at(tokens.stranger, '/v1/instances', beat({}, 'stranger'))).status).toBe(403);
    expect((await at(tokens.stranger, '/v1/instances', beat({ group: 'attack.mine' }))).status).toBe(403);
    const elsewhere = await at(owner, '/v1/instances', beat({ retryTopic: 'sec.stolen', retryReady: true }));
    expect(elsewhere.status).toBe(403);
    expect(elsewhere.body.error?.message).toContain(
      'courier group "attack.announced" --retry-topic "sec.stolen"',
    );
    expect(
      (
        await at(
          owner,
          '/v1/instances',
          beat({ retryTopic: 'courier.retry.attack.announced', retryReady: true }),
        )
      ).status,
    ).toBe(200);
    const topics = [{ name: 'courier.dlq.attack.announced', partitions: 1 }];
    expect((await at(owner, '/v1/broker/topics', { topics })).status).toBe(200);
    for (const topic of ['courier.dlq.attack.announced', 'courier.facts']) {
      expect(
        (await at(tokens.stranger, '/v1/broker/join', join('attack.thief', 'm', [topic]))).status,
        topic,
      ).toBe(403);
      const listed = await at(tokens.stranger, '/v1/broker/topics', { topics: [] });
      expect(JSON.stringify(listed.body), topic).not.toContain(topic);
    }
    const publish = { records: [{ topic: 'attack.orders', key: null, value: null, headers: [] }] };
    expect((await at(tokens['orders-service'], '/v1/broker/publish', publish)).status).toBe(200);
    expect((await at(tokens.stranger, '/v1/broker/publish', publish)).status).toBe(403);
  });

  it('stores each record of a topic named `error` once (F10)', async () => {
    const publish = { records: [{ topic: 'error', partition: 0, key: null, value: null, headers: [] }] };
    const offsets = [];
    for (let sent = 0; sent < 3; sent += 1) {
      const answer = await at(tokens['orders-service'], '/v1/broker/publish', publish);
      expect(answer.status).toBe(200);
      offsets.push((answer.body.answers as { offset: string }[])[0]?.offset);
    }
    expect(offsets).toEqual(['0', '1', '2']);
  });

  it('serves many names without refusing an honest request', async () => {
    const token = tokens['payment-service'];
    for (let number = 0; number < 50; number += 1) {
      const facts = Array.from({ length: 20 }, (_, index) =>
        makeFact('handled', newId(), 0, { group: `attack.many.${number * 20 + index}`, attempt: 1 }),
      );
      expect((await at(token, '/v1/facts', { v: 1, service: 'x', host: 'x', facts })).status).toBe(200);
    }
    const { cookie } = await signIn(target, 'admin', target.password);
    const listed = await ask(`${target.console}/api/tokens`, { cookie });
    expect(listed.text).toContain('attack.many.999');
  });
});
