import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { retryTopicOf } from '@/lib/protocol/topics';
import { makeFact, newId } from '@/lib/testing/facts';
import { ask, signIn, type Answer } from './courier';

const target = inject('target');
const { tokens } = target;
type Service = keyof typeof tokens;

const TOPIC = 'foreign.orders';
const message = newId();
const SAID = { topic: TOPIC, type: 'OrderPlaced', service: 'orders-service', key: 'order-1' };

const post = (service: Service, path: string, body: unknown) =>
  ask(target.intake + path, { token: tokens[service], body });
const report = (service: Service, ...facts: unknown[]) =>
  post(service, '/v1/facts', { v: 1, service, host: 'any', facts });
const join = (service: Service, group: string, topic = TOPIC) =>
  post(service, '/v1/broker/join', {
    group,
    member: `${service}-1`,
    clientId: service,
    host: 'host',
    topics: [topic],
    fromBeginning: true,
  });
const base64 = (text: string) => Buffer.from(text).toString('base64');
const statuses = (...answers: Answer[]) => answers.map(({ status }) => status);

describe('what a service says of messages of others (F5)', () => {
  let cookie = '';
  const shown = async () => {
    const { body } = await ask(`${target.console}/api/messages/${message}`, { cookie });
    return body as unknown as { status: string; deliveries: { group: string }[] };
  };

  beforeAll(async () => {
    cookie = (await signIn(target, 'admin', target.password)).cookie;
    const opened = await post('orders-service', '/v1/broker/topics', {
      topics: [{ name: TOPIC, partitions: 1 }],
    });
    const headers = { 'courier-id': message, 'courier-topic': TOPIC };
    const published = await post('orders-service', '/v1/broker/publish', {
      records: [
        {
          topic: TOPIC,
          key: base64('order-1'),
          value: base64('a body that closed-service may not see'),
          headers: Object.entries(headers).map(([name, value]) => [name, base64(value)]),
        },
      ],
    });
    const committed = await report(
      'orders-service',
      makeFact('committed', message, 0, {
        message: SAID,
        position: { topic: TOPIC, partition: 0, offset: '0' },
        service: 'orders-service',
      }),
    );
    expect(statuses(opened, published, committed)).toEqual([200, 200, 200]);
    await vi.waitFor(async () => expect(await shown()).toMatchObject(SAID), 10_000);
  });

  it('changes nothing that the sender said, and only the sender says whether it was sent', async () => {
    const own = { group: 'foreign.stranger', service: 'stranger' };
    const error = { type: 'BrokerDown', message: 'invented' };
    const refused = [
      await report('stranger', makeFact('send_failed', message, 1, { error, service: 'stranger' })),
      await report('stranger', makeFact('committed', message, 1, { ...own, message: SAID })),
      await report(
        'stranger',
        makeFact('committed', message, 1, {
          message: { topic: 'stranger.own' },
          position: { topic: TOPIC, partition: 0, offset: '0' },
        }),
      ),
    ];
    expect(statuses(...refused)).toEqual([403, 403, 403]);
    const invented = { topic: 'stranger.own', type: 'zzz', service: 'zzz', key: 'zzz' };
    const handled = await report(
      'stranger',
      makeFact('handled', message, 2, { ...own, attempt: 1, message: invented }),
      makeFact('handled', message, 2, {
        ...own,
        messageId: undefined as unknown as string,
        attempt: 1,
        message: invented,
        position: { topic: TOPIC, partition: 0, offset: '0' },
      }),
    );
    expect(handled.status).toBe(200);
    // The control: what the service may report of its own group is kept, and nothing else is changed.
    await expect
      .poll(async () => (await shown()).deliveries.map(({ group }) => group))
      .toEqual(['foreign.stranger']);
    expect(await shown()).toMatchObject(SAID);
    expect(JSON.stringify(await shown())).not.toMatch(/zzz|BrokerDown|stranger\.own/);
  });

  it('brings nobody a body that it may not read, by whichever way it is named', async () => {
    const group = 'closed.cg';
    const error = { type: 'Invented', message: 'a failure that never was' };
    const failed = { group, service: 'closed-service', attempt: 1, error, gaveUp: { to: null } };
    const byPlace = await report(
      'closed-service',
      makeFact('handle_failed', message, 1, {
        ...failed,
        messageId: undefined as unknown as string,
        message: { topic: 'closed.a' },
        position: { topic: TOPIC, partition: 0, offset: '0' },
      }),
    );
    expect(byPlace.status, byPlace.text).toBe(403);
    const byId = await report('closed-service', makeFact('handle_failed', message, 1, failed));
    expect(byId.status, byId.text).toBe(200);
    const announced = await post('closed-service', '/v1/instances', {
      v: 1,
      instance: 'closed-service@host#1',
      service: 'closed-service',
      release: '1',
      host: 'host',
      process: '1',
      dropped: 0,
      subscriptions: [
        { group, topics: ['closed.a'], retryTopic: retryTopicOf(group), retryReady: true, member: 'm' },
      ],
    });
    expect(announced.status, announced.text).toBe(200);
    const dryRun = async () => {
      const { body } = await ask(`${target.console}/api/retries/preview?message=${message}&group=${group}`, {
        cookie,
      });
      return body.items;
    };
    await expect.poll(dryRun).toMatchObject([{ group, skip: 'owner_may_not_read' }]);
    const asked = await ask(`${target.console}/api/retries`, {
      cookie,
      body: { messageId: message, groups: [group] },
      headers: { 'idempotency-key': newId(), origin: target.console },
    });
    expect(asked.status, asked.text).toBe(202);
    const retry = async () => {
      const { text } = await ask(`${target.console}/api/retries/${String(asked.body.id)}/items`, { cookie });
      return text;
    };
    await expect.poll(retry, { timeout: 15_000 }).toContain('owner_may_not_read');
  });

  it('takes nobody a retry topic, a consumer of it or an instance', async () => {
    expect(statuses(await join('payment-service', 'pay ment'))).toEqual([200]);
    const twin = retryTopicOf('pay ment').replace('courier.retry.', '');
    const taken = await join('stranger', twin);
    expect(taken.status, taken.text).toBe(403);
    expect(taken.body.error?.message).toContain('Choose another name');
    await post('payment-service', '/v1/broker/topics', {
      topics: [{ name: retryTopicOf('pay ment'), partitions: 1 }],
    });
    const own = await join('payment-service', 'pay ment.retry', retryTopicOf('pay ment'));
    expect(own.status, own.text).toBe(200);

    expect(statuses(await join('stranger', 'future.retry'))).toEqual([200]);
    expect((await join('payment-service', 'future')).body.error?.message).toMatch(
      /belongs to the service stranger.*courier group "future"/,
    );
    expect(statuses(await join('stranger', 'future'))).toEqual([200]);

    const beat = (service: Service) =>
      post(service, '/v1/instances', {
        v: 1,
        instance: 'payment-service@host#77',
        service,
        release: '1',
        host: 'host',
        process: '77',
        dropped: 0,
        subscriptions: [],
      });
    // Each has an instance of that name, and the first takes nothing from the second.
    expect(statuses(await beat('stranger'), await beat('payment-service'))).toEqual([200, 200]);
    expect(statuses(await beat('stranger'))).toEqual([200]);
  });

  it('is told by a command that allows it and takes nothing away, or that none does', async () => {
    const read = await join('closed-service', 'closed.reader');
    expect(read.body.error?.message).toContain(
      `courier token "closed-service" --read "closed.*" --read "${TOPIC}"`,
    );
    const inner = await post('stranger', '/v1/broker/publish', {
      records: [{ topic: 'courier.scheduled', key: null, value: null, headers: [] }],
    });
    expect(inner.status).toBe(403);
    expect(inner.body.error?.message).toMatch(/no token allows it\.$/);
  });
});
