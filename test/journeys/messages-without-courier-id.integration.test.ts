import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { trimLog } from '@/lib/brokers/embedded/log';
import { createRetry } from '@/lib/operations/retries/create';
import { resolveWaiting } from '@/lib/engine/ingest/resolve-waiting';
import { getMessage } from '@/lib/operations/messages/get';
import { readPayload } from '@/lib/operations/messages/read-payload';
import { searchMessages } from '@/lib/operations/messages/search';
import { getSettings } from '@/lib/operations/settings/get';
import { configureTopic } from '@/lib/operations/topics/configure';
import type { Fact } from '@/lib/protocol/fact';
import { makeFact, newId } from '@/lib/testing/facts';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { brokersUnderTest, postToIntake } from '@/lib/testing/fixtures';

describe.each(brokersUnderTest())('messages of services that know no id of ours: %s', (name, address) => {
  let courier: TestCourier;
  const prefix = `nameless-${name}-${randomBytes(3).toString('hex')}`;
  beforeAll(async () => {
    courier = await startCourier(inject('postgres'), address);
  });
  afterAll(() => courier.stop());

  const search = async (text: string) =>
    (await searchMessages.call(courier.context, courier.operator, { text })).hits;
  const only = async (text: string) => {
    await expect.poll(async () => (await search(text)).length, { timeout: 30_000 }).toBe(1);
    return (await search(text))[0]?.id ?? '';
  };
  const message = (id: string) => getMessage.call(courier.context, courier.operator, { id });
  const statusOf = async (id: string, group: string) =>
    (await message(id)).deliveries.find((delivery) => delivery.group === group)?.status;
  const makeTopic = async (topic: string) => {
    await courier.context.broker.createTopics([{ name: topic, partitions: 1 }]);
  };
  const publish = async (topic: string, key: string, headers: Record<string, string> = {}) => {
    const [answer] = await courier.context.broker.publish([
      {
        topic,
        partition: 0,
        key: Buffer.from(key),
        value: Buffer.from(`{"key":"${key}"}`),
        headers: Object.entries(headers).map(([header, value]) => [header, Buffer.from(value)]),
      },
    ]);
    if (answer?.outcome !== 'acknowledged') throw new Error(JSON.stringify(answer));
    return { topic, partition: 0, offset: answer.offset.toString() };
  };
  const report = async (facts: unknown[]) => {
    const response = await postToIntake(courier, '/v1/facts', {
      v: 1,
      service: 'test',
      host: 'test',
      facts,
    });
    expect(response.status, await response.text()).toBe(200);
  };
  /** Excludes a topic from indexing, so that only reported facts describe its messages. */
  const hide = async (topic: string) => {
    const hidden = () =>
      configureTopic.call(courier.context, courier.operator, {
        name: topic,
        indexed: false,
        idHeaders: [],
        bodyPolicy: 'failures',
      });
    await expect
      .poll(
        () =>
          hidden().then(
            () => true,
            () => false,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    await expect
      .poll(async () => {
        const { rows } = await courier.context.store.query(
          `SELECT 1 FROM worker_heartbeat WHERE worker = 'topic index' AND beat_at > now() - interval '30 s'`,
        );
        return rows.length;
      })
      .toBeGreaterThan(0);
  };
  const waiting = async () => (await getSettings.call(courier.context, courier.operator, {})).waiting.count;

  it('are dead-lettered, retried and handled like any other', async () => {
    const topic = `${prefix}.plain`;
    const group = `${prefix}.reader`;
    await makeTopic(topic);
    let works = false;
    await courier.connect('reader').subscribe({
      group,
      topics: [topic],
      from: 'beginning',
      retry: { attempts: 1 },
      handle: () => {
        if (!works) throw new RangeError('not yet');
      },
    });
    await publish(topic, `${prefix}-plain-1`);
    const id = await only(`${prefix}-plain-1`);
    await expect.poll(() => statusOf(id, group), { timeout: 30_000 }).toBe('HANDLE_FAIL');
    // The dead letter is this message's, and not a second one.
    await expect
      .poll(
        async () => {
          const { rows } = await courier.context.store.query(
            'SELECT dialect FROM dead_letter WHERE message_id = $1',
            [id],
          );
          return rows as unknown[];
        },
        { timeout: 30_000 },
      )
      .toEqual([{ dialect: 'courier' }]);
    works = true;
    await createRetry.call(courier.context, courier.operator, {
      selected: { messageId: id, groups: [group] },
      idempotencyKey: newId(),
    });
    await expect.poll(() => statusOf(id, group), { timeout: 30_000 }).toBe('HANDLED');
    expect(await search(`${prefix}-plain-1`)).toHaveLength(1);
  });

  it('are not taken for the message whose headers were copied onto them', async () => {
    const [first, second] = [`${prefix}.first`, `${prefix}.second`];
    const group = `${prefix}.copier`;
    await makeTopic(first);
    await makeTopic(second);
    const copied = newId();
    const headers = { 'courier-id': copied, 'courier-topic': first, 'courier-type': 'Copied' };
    await publish(first, `${prefix}-original-1`, headers);
    expect(await only(`${prefix}-original-1`)).toBe(copied);
    await courier.connect('copier').subscribe({
      group,
      topics: [second],
      from: 'beginning',
      retry: { attempts: 1 },
      handle: () => {
        throw new RangeError('of the copy');
      },
    });
    await publish(second, `${prefix}-copy-1`, headers);
    const copy = await only(`${prefix}-copy-1`);
    await expect.poll(() => statusOf(copy, group), { timeout: 30_000 }).toBe('HANDLE_FAIL');
    const letters = async () =>
      (
        await courier.context.store.query<{ message_id: string }>(
          `SELECT l.message_id FROM dead_letter l JOIN consumer_group g ON g.id = l.group_id WHERE g.name = $1`,
          [group],
        )
      ).rows;
    await expect.poll(letters, { timeout: 30_000 }).toEqual([{ message_id: copy }]);
    expect((await message(copied)).deliveries).toEqual([]);
  });

  it('are found by their place when somebody reports of it alone, on a topic that nobody indexes', async () => {
    const topic = `${prefix}.hidden`;
    const group = `${prefix}.elsewhere`;
    await makeTopic(topic);
    await hide(topic);
    const id = newId();
    const named = { 'courier-id': id, 'courier-topic': topic, 'courier-type': 'Hidden' };
    const [position, plain] = [
      await publish(topic, `${prefix}-hidden-1`, named),
      await publish(topic, `${prefix}-hidden-2`),
    ];
    const fact = (at: typeof position, kind: 'handled' | 'handle_failed') => ({
      ...makeFact(kind, id, 0, {
        group,
        attempt: 1,
        position: at,
        at: new Date().toISOString(),
        ...(kind === 'handled' ? {} : { error: { type: 'Broken', message: 'x' } }),
      }),
      messageId: undefined,
    });
    const failed = fact(plain, 'handle_failed');
    await report([fact(position, 'handled'), failed]);
    await report([failed]);
    await expect.poll(() => statusOf(id, group).catch(() => null), { timeout: 30_000 }).toBe('HANDLED');
    expect(await message(id)).toMatchObject({ type: 'Hidden', topic });
    const other = await only(`${prefix}-hidden-2`);
    await expect.poll(() => statusOf(other, group), { timeout: 30_000 }).toBe('HANDLE_FAIL');
    expect((await readPayload.call(courier.context, courier.operator, { id: other })).from).toBe('broker');
    expect(await waiting()).toBe(0);
  });

  it('are found by their own ids, whatever comes first; a failed send waits for nothing', async () => {
    const topic = `${prefix}.orders`;
    const own = { topic, producerId: `${prefix}-own-7` };
    const nameless = (kind: 'handled' | 'send_failed' | 'handle_failed', more: object) => ({
      ...makeFact(kind, newId(), 0, { at: new Date().toISOString(), ...more }),
      messageId: undefined,
    });
    await makeTopic(topic);
    const group = `${prefix}.billing`;
    const error = { type: 'Refused', message: 'no' };
    await report([nameless('handle_failed', { group, attempt: 1, error, message: own })]);
    expect(await waiting()).toBe(1);
    expect(await search(own.producerId)).toEqual([]);
    await publish(topic, `${prefix}-own-key`, { ce_id: own.producerId });
    const id = await only(own.producerId);
    await expect.poll(() => statusOf(id, group), { timeout: 30_000 }).toBe('HANDLE_FAIL');
    await report([nameless('handled', { group, attempt: 2, message: own })]);
    expect(await statusOf(id, group)).toBe('HANDLED');

    const unsent = { topic, producerId: `${prefix}-own-8` };
    await report([nameless('send_failed', { error, message: unsent })]);
    await report([nameless('send_failed', { error, message: unsent })]);
    const [hit, ...more] = await search(unsent.producerId);
    expect(more).toEqual([]);
    expect(hit?.status).toBe('SEND_FAIL');
  });

  it('are reported of as docs/facts.md shows it', async () => {
    const text = readFileSync('docs/facts.md', 'utf8');
    const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '') as { facts: Fact[] };
    const topic = `${prefix}.as-shown`;
    await makeTopic(topic);
    const position = await publish(topic, `${prefix}-as-shown`);
    await report(example.facts.map((fact) => ({ ...fact, position })));
    const id = await only(`${prefix}-as-shown`);
    await expect.poll(() => statusOf(id, 'billing'), { timeout: 30_000 }).toBe('HANDLE_FAIL');
  });

  it('stand alone, once, when nobody has told of them for an hour', async () => {
    const unknown = { topic: `${prefix}.unknown`, producerId: `${prefix}-own-9` };
    const group = `${prefix}.lonely`;
    const fact = { ...makeFact('handled', newId(), 0, { group, message: unknown }), messageId: undefined };
    await report([fact, fact]);
    expect(await waiting()).toBe(1);
    const later = { ...courier.context, now: () => new Date(Date.now() + 3_700_000) };
    await resolveWaiting(later);
    const id = await only(unknown.producerId);
    expect(await statusOf(id, group)).toBe('HANDLED');
    expect(await waiting()).toBe(0);
  });

  // Only the log of the embedded broker is shortened at will.
  if (address !== null) return;
  it('stand alone at once where their record has left the log', async () => {
    const topic = `${prefix}.gone`;
    const group = `${prefix}.late`;
    await makeTopic(topic);
    const [position] = [await publish(topic, `${prefix}-gone-1`), await publish(topic, `${prefix}-gone-2`)];
    await trimLog(courier.context.store, new Date(Date.now() + 60_000));
    const fact = makeFact('handled', newId(), 0, { group, position });
    await hide(topic);
    await report([{ ...fact, messageId: undefined }]);
    await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
    const found = await search(`${topic}/0/${position?.offset ?? ''}`);
    expect(found.map((hit) => hit.status)).toContain('HANDLED');
  });
});
