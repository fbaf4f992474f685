import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { makeFact, newId } from '@/lib/testing/facts';
import { ask, signIn } from './courier';

const target = inject('target');
const { tokens } = target;
type Service = keyof typeof tokens;

const TOPIC = 'honest.orders';
const SHARED = 'shared.orders';
const OTHERS = 'others.own';

const post = (service: Service, path: string, body: unknown) =>
  ask(target.intake + path, { token: tokens[service], body });
const report = (service: Service, ...facts: unknown[]) =>
  post(service, '/v1/facts', { v: 1, service, host: 'any', facts });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const now = () => new Date().toISOString();
const nameless = undefined as unknown as string;

async function publish(service: Service, topic: string, value: string, headers: Record<string, string> = {}) {
  const { status, text, body } = await post(service, '/v1/broker/publish', {
    records: [
      {
        topic,
        key: base64('key'),
        value: base64(value),
        headers: Object.entries(headers).map(([name, header]) => [name, base64(header)]),
      },
    ],
  });
  expect(status, text).toBe(200);
  return (body.answers as { outcome: string; offset?: string; reason?: string }[])[0];
}

describe('one message in the place of another (F5)', () => {
  let cookie = '';
  const console_ = async (path: string) => (await ask(target.console + path, { cookie })).body;
  const shown = async (id: string) =>
    (await console_(`/api/messages/${id}`)) as unknown as {
      topic: string;
      type: string;
      service: string;
      key: string;
      status: string;
      deliveries: { group: string; status: string }[];
    };
  const rejected = async () => JSON.stringify(await console_('/api/settings'));

  /** A message that its sender published and reported. */
  async function honest(topic = TOPIC) {
    const id = newId();
    const said = { 'courier-id': id, 'courier-topic': topic, 'courier-type': 'Placed' };
    const answer = await publish('orders-service', topic, 'secret body', {
      ...said,
      'courier-service': 'orders-service',
    });
    const position = { topic, partition: 0, offset: answer?.offset ?? '' };
    const message = { topic, type: 'Placed', service: 'orders-service', key: 'key' };
    const committed = makeFact('committed', id, 0, {
      at: now(),
      message,
      position,
      service: 'orders-service',
    });
    expect((await report('orders-service', committed)).status).toBe(200);
    await vi.waitFor(async () => expect(await shown(id)).toMatchObject(message), 10_000);
    return { id, position, message };
  }

  const failed = (id: string, position: object) =>
    makeFact('handle_failed', id, 0, {
      at: now(),
      group: 'honest.payment',
      service: 'payment-service',
      attempt: 1,
      error: { type: 'Bug', message: 'x' },
      position: position as never,
      gaveUp: { to: null },
    });

  beforeAll(async () => {
    cookie = (await signIn(target, 'admin', target.password)).cookie;
    for (const [service, topics] of [
      ['orders-service', [TOPIC]],
      ['stranger', [OTHERS, 'courier.dlq.others.group', SHARED]],
    ] as const) {
      const opened = await post(service, '/v1/broker/topics', {
        topics: topics.map((name) => ({ name, partitions: 1 })),
      });
      expect(opened.status, opened.text).toBe(200);
    }
    const joined = await post('stranger', '/v1/broker/join', {
      group: 'others.group',
      member: 'm',
      clientId: 'c',
      host: 'h',
      topics: [TOPIC],
      fromBeginning: true,
    });
    expect(joined.status, joined.text).toBe(200);
  });

  it('is not made by a record with its id on another topic, and no retry goes there', async () => {
    const { id, position, message } = await honest();
    expect((await report('payment-service', failed(id, position))).status).toBe(200);
    const forged = {
      'courier-id': id,
      'courier-topic': OTHERS,
      'courier-type': 'zzz',
      'courier-service': 'zzz',
    };
    await publish('stranger', OTHERS, 'forged body', forged);
    // The control: the record is a message of its own, which its id finds beside the honest one.
    const hits = async () =>
      ((await console_(`/api/search?q=${id}`)).hits as { id: string; topic: string }[]).map(
        (hit) => hit.topic,
      );
    await expect.poll(hits, { timeout: 15_000 }).toEqual(expect.arrayContaining([TOPIC, OTHERS]) as string[]);
    expect(await shown(id)).toMatchObject({ ...message, status: 'HANDLE_FAIL' });
    const { items } = await console_(`/api/retries/preview?message=${id}&group=honest.payment`);
    expect(items).toMatchObject([{ targetTopic: TOPIC }]);
    const payload = await console_(`/api/messages/${id}/payload`);
    expect(payload).toMatchObject({ payload: { text: 'secret body' } });
  });

  it('is not made by who reports its id first, and its sender is refused nothing', async () => {
    const id = newId();
    const answer = await publish('orders-service', TOPIC, 'body', {
      'courier-id': id,
      'courier-topic': TOPIC,
    });
    const taken = makeFact('committed', id, 0, {
      at: now(),
      message: { topic: OTHERS, service: 'stranger' },
      service: 'stranger',
    });
    expect((await report('stranger', taken)).status).toBe(200);
    const position = { topic: TOPIC, partition: 0, offset: answer?.offset ?? '' };
    const message = { topic: TOPIC, type: 'Placed', service: 'orders-service' };
    const own = await report(
      'orders-service',
      makeFact('committed', id, 0, { at: now(), message, position, service: 'orders-service' }),
    );
    expect(own.status, own.text).toBe(200);
    await expect
      .poll(
        async () =>
          ((await console_(`/api/search?q=${id}`)).hits as { topic: string; type: string }[]).find(
            (hit) => hit.topic === TOPIC,
          )?.type,
        { timeout: 15_000 },
      )
      .toBe('Placed');
  });

  it('is not made by a dead letter on the topic of another group, nor of a kind that is no failure', async () => {
    const { id, position } = await honest();
    expect((await report('payment-service', failed(id, position))).status).toBe(200);
    const letter = (group: string, kind: string) => ({
      'courier-id': id,
      'courier-topic': TOPIC,
      'courier-type': 'zzz',
      'courier-dlq-group': group,
      'courier-dlq-kind': kind,
      'courier-dlq-fact-id': newId(),
      'courier-dlq-at': new Date(Date.now() + 1_000).toISOString(),
      'courier-dlq-attempts': '2',
      'courier-source': `${TOPIC}/0/${position.offset}`,
      'courier-dlq-error-type': 'Forged',
    });
    const topic = 'courier.dlq.others.group';
    await publish('stranger', topic, 'forged body', letter('honest.payment', 'handled'));
    await publish('stranger', topic, 'forged body', letter('honest.payment', 'handle_failed'));
    await publish('stranger', topic, 'forged body', letter('others.group', 'handled'));
    await publish('stranger', topic, 'forged body', letter('others.group', 'handle_failed'));
    // The control: the dead letter of its own group is read, and changes nothing that the sender reported.
    await expect
      .poll(
        async () => (await shown(id)).deliveries.map(({ group, status }) => `${group} ${status}`).sort(),
        {
          timeout: 15_000,
        },
      )
      .toEqual(['honest.payment HANDLE_FAIL', 'others.group HANDLE_FAIL']);
    expect(await shown(id)).toMatchObject({ type: 'Placed' });
    expect(await rejected()).toContain('no headers of a dead letter');
  });

  it('is not made by facts through the broker, nor by facts that name it by its position', async () => {
    const { id, message } = await honest();
    const words = { topic: TOPIC, type: 'zzz', service: 'zzz', key: 'zzz' };
    const own = { at: now(), group: 'others.group', service: 'stranger', attempt: 1 };
    const batch = (...facts: unknown[]) => JSON.stringify({ v: 1, service: 'stranger', host: 'x', facts });
    const answer = await publish(
      'stranger',
      'courier.facts',
      batch(makeFact('handled', id, 0, { ...own, message: words }), { kind: 'nonsense' }),
    );
    expect(answer?.outcome).toBe('acknowledged');
    await expect.poll(async () => (await shown(id)).deliveries).toMatchObject([{ group: 'others.group' }]);
    expect(await shown(id)).toMatchObject(message);
    // The control: what is malformed is kept aside with its reason, not dropped.
    await expect.poll(rejected).toMatch(/facts\.1|kind/);

    // Both services publish to this topic.
    const { id: other, position } = await honest(SHARED);
    const next = { ...position, offset: String(Number(position.offset) + 1) };
    const invented = (place: typeof position) => [
      makeFact('send_failed', nameless, 0, {
        at: now(),
        service: 'stranger',
        error: { type: 'BrokerDown', message: 'invented' },
        message: { topic: SHARED },
        position: place,
      }),
      makeFact('committed', nameless, 0, {
        at: now(),
        message: { ...words, topic: SHARED },
        position: place,
      }),
    ];
    for (const fact of invented(position)) expect((await report('stranger', fact)).status).toBe(403);
    // Before the message is there, its sender is unknown: the fact is judged when the message comes.
    const [, committed] = invented(next);
    expect((await report('stranger', { ...committed, message: { topic: SHARED, type: 'zzz' } })).status).toBe(
      200,
    );
    const later = await honest(SHARED);
    expect(later.position).toEqual(next);
    await expect.poll(rejected, { timeout: 15_000 }).toContain('only its sender can say');
    for (const message of [other, later.id])
      expect(JSON.stringify(await shown(message))).not.toMatch(/zzz|BrokerDown/);
  });
});
