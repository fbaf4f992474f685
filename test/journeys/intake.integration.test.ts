import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Fact } from '@/lib/protocol/fact';
import { makeFact, newId } from '@/lib/testing/facts';
import { startCourier, startCourierOn, type TestCourier } from '@/lib/testing/courier';
import { postToIntake } from '@/lib/testing/fixtures';

interface Answer {
  kept?: number;
  error?: { code: string; message: string };
}

describe('the intake', () => {
  let courier: TestCourier;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), null, { COURIER_INTAKE_BODY_SECONDS: '2' });
  });
  afterAll(() => courier.stop());

  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await postToIntake(courier, path, body, headers);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Answer,
    };
  };
  /** A request whose body has not come yet. */
  const begin = (headers: Record<string, string>) => {
    const sent = request(`${courier.intakeUrl}/v1/facts`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${courier.token}`, ...headers },
    });
    sent.on('error', () => undefined);
    sent.flushHeaders();
    return {
      request: sent,
      isSent: new Promise((resolve) =>
        sent.once('socket', (socket) =>
          socket.connecting ? socket.once('connect', resolve) : resolve(null),
        ),
      ),
    };
  };
  /** What is answered to a body of so many bytes before it has come. */
  const refusedBody = async (bytes: number) => {
    const { request: sent } = begin({ 'content-length': String(bytes) });
    const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    return { status: response.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) as Answer };
  };
  const batch = (facts: unknown[]) => ({ v: 1, service: 'test', host: 'test', facts });
  const stored = async (fact: Pick<Fact, 'factId'>) =>
    (await courier.context.store.query('SELECT 1 FROM fact WHERE fact_id = $1', [fact.factId])).rowCount;

  it('lets a service name dead letters only on topics that it may write to', async () => {
    const token = await courier.tokenOf('billing', { publish: ['billing.*'], read: ['*'] });
    const names = (topic: string) =>
      post(
        '/v1/facts',
        {
          ...batch([
            makeFact('handle_failed', newId(), 0, {
              group: 'billing',
              attempt: 1,
              error: { type: 'E', message: 'm' },
              gaveUp: { to: { topic, partition: 0, offset: '0' } },
            }),
          ]),
          service: 'billing',
        },
        { authorization: `Bearer ${token}` },
      );
    expect(await names('billing.graveyard')).toMatchObject({ status: 200, body: { kept: 1 } });
    expect((await names('orders')).status, 'which holds messages of others').toBe(403);
  });

  it('keeps facts, and the same fact twice once', async () => {
    const fact = makeFact('committed', newId(), 0);
    expect(await post('/v1/facts', batch([fact, fact]))).toMatchObject({ status: 200 });
    expect(await post('/v1/facts', batch([fact]))).toMatchObject({ status: 200 });
    expect(await stored(fact)).toBe(1);
  });

  it('refuses a batch with a bad fact, names the place, and keeps none of it', async () => {
    const good = makeFact('committed', newId(), 0);
    for (const bad of [
      { ...makeFact('committed', newId(), 0), messageId: 'nonsense' },
      { ...makeFact('committed', newId(), 0), surprise: 1 },
      { ...makeFact('handled', newId(), 0) },
      { ...makeFact('committed', newId(), 0), at: 'yesterday' },
      { ...makeFact('committed', newId(), 0), kind: 'expected' },
      null,
    ]) {
      const answer = await post('/v1/facts', batch([good, bad]));
      expect(answer.status).toBe(400);
      expect(answer.body.error?.message).toMatch(/^facts\.1.*None of the 2 facts was kept/);
    }
    expect(await stored(good)).toBe(0);
  });

  it('answers what is wrong with a request, and its neighbours go through', async () => {
    const fact = makeFact('committed', newId(), 0);
    const [json, unknown, type, token, none, large, fine] = await Promise.all([
      post('/v1/facts', '{"v":1,'),
      post('/v1/nonsense', {}),
      post('/v1/facts', 'x', { 'content-type': 'text/plain' }),
      post('/v1/facts', batch([]), { authorization: 'Bearer wrong' }),
      post('/v1/facts', batch([]), { authorization: '' }),
      refusedBody(4_100_000),
      post('/v1/facts', batch([fact])),
    ]);
    expect([json, unknown, type, token, none, large, fine].map((item) => item.status)).toEqual([
      400, 404, 415, 401, 401, 413, 200,
    ]);
    const said = [json, unknown, type, token, none, large].map((item) => item.body.error?.message);
    expect(said).toEqual([
      expect.stringMatching(/no JSON/),
      expect.stringMatching(/^\/v1\/nonsense is not of the intake: \/v1\/facts, /),
      'The content type is "text/plain"; the intake takes application/json.',
      expect.stringMatching(/token is not known or was revoked.*makes one/),
      expect.stringMatching(/Authorization: Bearer <token> is missing.*makes a token/),
      expect.stringMatching(/^The body has 41\d{5} bytes or more; 4000000 are allowed/),
    ]);
    expect(await stored(fact)).toBe(1);
    for (const [headers, status] of [
      [{ authorization: 'Bearer wrong' }, 401],
      [{ 'content-type': 'text/plain' }, 415],
    ] as const)
      expect((await post('/v1/instances', {}, headers)).status).toBe(status);
    expect((await post('/v1/instances', { v: 1, surprise: true })).status).toBe(400);
  });

  it('limits how many slow bodies of one token come at once, and refuses nobody else for it', async () => {
    const open = Array.from({ length: 64 }, () => begin({ 'content-length': '100' }));
    const refused: { status: number | undefined; again: string | undefined }[] = [];
    for (const { request: sent } of open)
      sent.once('response', (response: IncomingMessage) => {
        response.resume();
        refused.push({ status: response.statusCode, again: response.headers['retry-after'] });
      });
    await expect
      .poll(() => refused.filter(({ status }) => status === 429), { timeout: 10_000 })
      .toEqual(Array(32).fill({ status: 429, again: '1' }));
    expect((await post('/v1/facts', batch([]))).status).toBe(200);
    for (const { request: sent } of open) sent.destroy();
  });

  it('ends a body that does not come, and nothing of it stays under way', async () => {
    const { request: sent } = begin({ 'content-length': '100' });
    sent.write('{"v":1,');
    const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    expect(response.statusCode).toBe(408);
    response.resume();
    await expect
      .poll(async () => (await fetch(`${courier.workerUrl}/metrics`)).text())
      .toMatch(/courier_intake_active_requests\{phase="reading"\} 0\n/);
  });

  it('takes no name that cannot be stored as it is, says where, and what comes with it is not kept', async () => {
    const good = makeFact('committed', newId(), 0);
    for (const [place, bad] of [
      ['group', makeFact('handled', newId(), 0, { group: 'pay\0ment' })],
      ['group', makeFact('handled', newId(), 0, { group: 'pay\ud800ment' })],
      ['message.topic', makeFact('committed', newId(), 0, { message: { topic: 'a\0', type: 'T' } })],
      [
        'position.topic',
        makeFact('committed', newId(), 0, { position: { topic: '\udc00', partition: 0, offset: '1' } }),
      ],
    ] as const) {
      const answer = await post('/v1/facts', batch([good, bad]));
      expect(answer.status).toBe(400);
      expect(answer.body.error?.message).toContain(
        `facts.1: ${place}: a name without NUL and lone surrogates`,
      );
    }
    expect(await stored(good)).toBe(0);
  });

  it('takes no group, member or instance whose name cannot be stored, and mends what a client says of itself', async () => {
    const joining = {
      group: 'hostile group',
      member: 'm',
      host: 'h',
      topics: ['parcels'],
      fromBeginning: true,
    };
    const join = (more: object) => post('/v1/broker/join', { ...joining, clientId: 'c', ...more });
    const beat = { v: 1, instance: 'i', service: 's', release: 'r', host: 'h', process: 'p', dropped: 0 };
    const announce = (more: object) => post('/v1/instances', { ...beat, subscriptions: [], ...more });
    for (const [place, answer] of [
      ['group', await join({ group: 'a\0' })],
      ['member', await join({ member: '\ud800' })],
      ['topics.0', await join({ topics: ['\0'] })],
      ['instance', await announce({ instance: 'a\0' })],
      ['release', await announce({ release: '\udc00' })],
    ] as const) {
      expect(answer.status, place).toBe(400);
      expect(answer.body.error?.message).toContain(`${place}: a name without NUL and lone surrogates`);
    }
    expect((await join({ clientId: 'nul \0', host: '\ud800' })).status).toBe(200);
    const { rows } = await courier.context.store.query(
      'SELECT client_id, host FROM embedded_member WHERE group_name = $1',
      [joining.group],
    );
    expect(rows).toEqual([{ client_id: 'nul \ufffd', host: '\ufffd' }]);
    await post('/v1/broker/leave', { group: joining.group, member: joining.member });
  });

  it('makes hostile text storable and keeps the rest as it is', async () => {
    const id = newId();
    const error = {
      type: '__proto__',
      message: 'nul \0 and lone \ud800 and <script>alert(1)</script>',
      stack: 'x'.repeat(40_000),
    };
    const fact = makeFact('handle_failed', id, 0, { group: 'a "group" / with <b>', error, attempt: 1 });
    expect((await post('/v1/facts', batch([fact]))).status).toBe(200);
    const { rows } = await courier.context.store.query<{ error_type: string; error_message: string }>(
      'SELECT error_type, error_message FROM delivery WHERE message_id = $1',
      [id],
    );
    expect(rows).toEqual([
      { error_type: '__proto__', error_message: 'nul \ufffd and lone \ufffd and <script>alert(1)</script>' },
    ]);
  });

  it('gives a record without our id the same id at each report, from its place', async () => {
    const position = { topic: 'foreign', partition: 1, offset: '7' };
    const fact = (kind: 'handled' | 'started') => {
      return {
        ...makeFact(kind, newId(), 0, { group: 'reader', position }),
        messageId: undefined,
        recordTime: 1_790_000_000_000,
      };
    };
    const both = [fact('started'), fact('handled')];
    expect((await post('/v1/facts', batch(both))).status).toBe(200);
    const { rows } = await courier.context.store.query<{ n: string }>(
      'SELECT count(DISTINCT message_id) AS n FROM fact WHERE fact_id = ANY($1)',
      [both.map((item) => item.factId)],
    );
    expect(rows[0]?.n).toBe('1');
  });

  it('takes facts of five years ago and of in five years', async () => {
    const year = 365 * 86_400_000;
    for (const time of [Date.now() - 5 * year, Date.now() + 5 * year]) {
      const fact = makeFact('committed', newId(time), 0, { at: new Date(time).toISOString() });
      expect((await post('/v1/facts', batch([fact]))).status).toBe(200);
      expect(await stored(fact)).toBe(1);
    }
  });
});

describe('a Courier of several clusters', () => {
  let courier: TestCourier;
  beforeAll(async () => {
    // No broker answers at the second cluster: the first one works all the same.
    courier = await startCourierOn(inject('postgres'), 'first=embedded:;away=kafka://127.0.0.1:9');
  });
  afterAll(() => courier.stop());

  it('writes facts to the cluster that the service names, and to the first otherwise', async () => {
    const send = (fact: Fact, cluster?: string) =>
      fetch(`${courier.intakeUrl}/v1/facts`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${courier.token}`,
          ...(cluster ? { 'courier-cluster': cluster } : {}),
        },
        body: JSON.stringify({ v: 1, service: 'test', host: 'test', facts: [fact] }),
      });
    const [here, there] = [makeFact('committed', newId(), 0), makeFact('committed', newId(), 0)];
    expect((await send(here)).status).toBe(200);
    expect((await send(there, 'away')).status).toBe(200);
    const clusters = await courier.context.store.query<{ id: string; name: string }>(
      'SELECT m.id, c.name FROM message m JOIN cluster c ON c.id = m.cluster_id',
    );
    expect(new Map(clusters.rows.map((row) => [row.id, row.name]))).toEqual(
      new Map([
        [here.messageId, 'first'],
        [there.messageId, 'away'],
      ]),
    );
    const unknown = await send(here, 'nowhere');
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain('There is no cluster \\"nowhere\\" here; there is first, away.');
  });

  it('lets the workers of one cluster go on while the broker of another is away', async () => {
    const service = courier.connect('order-service');
    const topic = 'several.orders';
    await service.createTopics([{ name: topic, partitions: 1 }]);
    const { id } = await service.publish({ topic, type: 'OrderPaid', payload: {} });
    const states = async () => {
      const { rows } = await courier.context.store.query<{ place: string; state: string }>(
        "SELECT cluster || ' ' || worker AS place, state FROM worker_heartbeat",
      );
      return new Map(rows.map((row) => [row.place, row.state]));
    };
    const known = () => courier.context.store.query('SELECT 1 FROM message WHERE id = $1', [id]);
    await expect.poll(async () => (await known()).rowCount, { timeout: 20_000 }).toBe(1);
    await expect
      .poll(async () => (await states()).get('away lag sampler'), { timeout: 20_000 })
      .toBe('failing');
    expect((await states()).get('first lag sampler')).toBe('running');
    expect([...(await states()).keys()].filter((place) => place.endsWith('housekeeping'))).toHaveLength(1);
  });
});
