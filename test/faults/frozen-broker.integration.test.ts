import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { browseTopic } from '@/lib/operations/topics/browse';
import { searchMessages } from '@/lib/operations/messages/search';
import { startCourierOn, type TestCourier } from '@/lib/testing/courier';
import { makeFact, newId } from '@/lib/testing/facts';
import { startKafka, type TestKafka } from '@/lib/testing/kafka';

describe.runIf(inject('kafka'))('a broker that freezes', () => {
  let kafka: TestKafka | undefined;
  let courier: TestCourier | undefined;
  afterEach(async () => {
    kafka?.kill('SIGCONT');
    await courier?.stop();
    await kafka?.stop();
  });

  it('is said with its address, harms no neighbour, and loses nothing', { timeout: 180_000 }, async () => {
    // A broker of its own: the one that tests share must not freeze for them.
    kafka = await startKafka();
    courier = await startCourierOn(inject('postgres'), `cold=kafka://${kafka.address};well=embedded:`, {
      COURIER_REQUEST_TIMEOUT_SECONDS: '2',
    });
    const { contexts, operator, intakeUrl, token } = courier;
    const [cold, well] = contexts;
    if (!well) throw new Error('there are two clusters');
    const topic = `frozen-${randomBytes(3).toString('hex')}`;
    const [onCold, onWell] = [courier.connect('orders', '1', 'cold'), courier.connect('orders', '1', 'well')];
    await Promise.all([onCold, onWell].map((item) => item.createTopics([{ name: topic, partitions: 1 }])));
    const find = async (id: string, context = cold) =>
      (await searchMessages.call(context, operator, { text: id })).hits.map((hit) => hit.status);
    const handled: string[] = [];
    for (const service of [onCold, onWell]) {
      await service.subscribe({
        group: `${topic}.readers`,
        topics: [topic],
        from: 'beginning',
        handle: ({ id }) => void handled.push(id ?? ''),
      });
    }
    const before = await onCold.publish({ topic, type: 'T', payload: {} });
    await expect.poll(() => find(before.id), { timeout: 30_000 }).toEqual(['HANDLED']);

    kafka.kill('SIGSTOP');
    const asked = Date.now();
    const input = { name: topic, from: 'newest' };
    await expect(browseTopic.call(cold, operator, input)).rejects.toMatchObject({
      code: 'broker_unreachable',
      message: expect.stringContaining(kafka.address) as string,
    });
    expect(Date.now() - asked).toBeLessThan(10_000);
    // Stored messages are found, the other cluster works, and the intake accepts reports of services.
    expect(await find(before.id)).toEqual(['HANDLED']);
    const neighbour = await onWell.publish({ topic, type: 'T', payload: {} });
    await expect.poll(() => find(neighbour.id, well), { timeout: 30_000 }).toEqual(['HANDLED']);
    const told = newId();
    const facts = [makeFact('committed', told, 0, { at: new Date().toISOString(), message: { topic } })];
    const answer = await fetch(`${intakeUrl}/v1/facts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ v: 1, service: 'orders', host: 'h', facts }),
    });
    expect(answer.status).toBe(200);
    expect(await find(told)).toEqual(['COMMITTED']);
    const sampler = async () => {
      const { rows } = await cold.store.query<{ state: string; detail: { code?: string } }>(
        "SELECT state, detail FROM worker_heartbeat WHERE cluster = 'cold' AND worker = 'lag sampler'",
      );
      return `${rows[0]?.state} ${rows[0]?.detail.code}`;
    };
    await expect.poll(sampler, { timeout: 30_000 }).toBe('failing broker_unreachable');

    // A message that is sent to the frozen broker is not lost: the sender gets an error, or it arrives.
    const during = onCold.publish({ topic, type: 'T', payload: {} }).catch((error: unknown) => error);
    kafka.kill('SIGCONT');
    const outcome = await during;
    const after = await onCold.publish({ topic, type: 'T', payload: {} });
    await expect.poll(() => find(after.id), { timeout: 60_000 }).toEqual(['HANDLED']);
    if (!(outcome instanceof Error)) expect(handled).toContain((outcome as { id: string }).id);
    await expect.poll(sampler, { timeout: 60_000 }).toMatch(/^running/);
  });
});
