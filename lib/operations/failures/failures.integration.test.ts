import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import type { Fact } from '@/lib/protocol/fact';
import { newUuidV7 } from '@/lib/protocol/uuid';
import { insertItem, insertRetry } from '@/lib/store/retries/accept';
import { mergeFacts } from '@/lib/store/facts/merge';
import { putOperator } from '@/lib/store/operators/operators';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { makeFailedMessage } from '@/lib/testing/failed-message';
import { exportMessages } from '../messages/export';
import { messageHistogram } from '../messages/histogram';
import { listAllMessages } from '../messages/list';
import { searchMessages } from '../messages/search';
import { overviewNow } from '../overview/now';
import { createRetry } from '../retries/create';
import { getRetry } from '../retries/get';
import { listRetryItems } from '../retries/items';
import { listAllRetries } from '../retries/list';
import { previewMany } from '../retries/preview-many';
import { getFailure } from './get';
import { listFailures } from './list';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };
const STACK = (line: number) =>
  `RangeError: balance\n    at check (/srv/app/balance.ts:88:1)\n    at charge (/srv/app/charge.ts:${line}:1)`;

describe('what fails', () => {
  let database: TestDatabase;
  let context: Context;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings({}), database.url, createLog('silent'));
    await putOperator(context.store, {
      name: 'mei',
      folded: 'mei',
      passwordHash: 'none',
      role: 'administrator',
    });
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });

  let written = 0;
  const write = (facts: Fact[]) =>
    mergeFacts(context.store, context.catalog, { source: 'test', receivedAt: new Date(), facts });
  /** A message of now that payment failed on; with `more` facts after it. */
  const fail = async (key: string, more: Partial<Fact> = {}, line = 12) => {
    const id = newId();
    const at = new Date().toISOString();
    written += 1;
    await write([
      makeFact('committed', id, 0, {
        at,
        position: { topic: 'orders', partition: 0, offset: String(written) },
        message: { topic: 'orders', type: 'OrderPaid', service: 'shop', key, sentAt: at },
      }),
      makeFact('handle_failed', id, 0, {
        at,
        group: 'payment',
        attempt: 1,
        release: '1.4.2',
        error: { type: 'RangeError', message: 'balance', stack: STACK(line) },
        ...more,
      }),
    ]);
    return id;
  };
  const handle = (id: string, more: Partial<Fact> = {}) =>
    write([makeFact('handled', id, 0, { at: new Date().toISOString(), group: 'payment', ...more })]);
  const failures = async () => (await listFailures.call(context, mei, {})).rows;
  const retry = async (messageId: string) => {
    const id = newUuidV7();
    const item = { retryId: id, clusterId: context.cluster.id, messageId, courierRetryId: id, generation: 1 };
    await insertRetry(context.store, {
      ...{ id, kind: 'retry' as const, clusterId: context.cluster.id, operatorId: 1, operatorName: 'mei' },
      ...{ reason: null, selection: {}, idempotencyKey: null, requestSha256: null },
    });
    await insertItem(context.store, {
      ...item,
      ...{
        groupId: await context.catalog.findGroup('payment'),
        targetTopic: 'orders',
        targetPartition: null,
      },
      ...{ state: 'HANDLED' as const, reason: null, body: null },
    });
  };
  const search = (text: string) => searchMessages.call(context, mei, { text });

  it('is counted by group, type and error, each message once, with the frames that its members share', async () => {
    await fail('order-5001', { gaveUp: { to: { topic: 'courier.dlq.payment', partition: 0, offset: '1' } } });
    await fail('order-5002', { nextTryAt: new Date(Date.now() + 60_000).toISOString() }, 40);
    await fail('order-5003', { error: { type: 'LockTimeout', message: 'busy' } });
    const rows = await failures();
    expect(rows.map((row) => [row.error, row.messages, row.gaveUp])).toEqual([
      ['RangeError', 2, 1],
      ['LockTimeout', 1, 0],
    ]);
    expect(rows[0]?.trend.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(rows[1]?.only?.key).toBe('order-5003');
    const item = await getFailure.call(context, mei, {
      group: 'payment',
      type: 'OrderPaid',
      error: 'RangeError',
    });
    expect(item.frames.map((frame) => frame.what)).toEqual(['check']);
    expect(item.releases).toEqual(['1.4.2']);
    expect(item.can.retry.allowed).toBe(true);
  });

  it('is no failure any more once it is handled, and heals by itself only without a person', async () => {
    const alone = await fail('order-5004', { error: { type: 'Flaky', message: 'x' } });
    await handle(alone);
    const helped = await fail('order-5005', { error: { type: 'Helped', message: 'x' } });
    await handle(helped, { generation: 1 });
    expect((await failures()).map((row) => row.error)).not.toContain('Flaky');
    const overview = await overviewNow.call(context, mei, {});
    expect(overview.healed.map((item) => item.error)).toEqual(['Flaky']);
    expect(overview.needs.map((need) => need.failure?.error ?? need.kind)).toContain('RangeError');
    // No worker runs in this test: the overview must not report that all is well.
    expect(overview.blind).toBe(true);
    const published = overview.charts.published.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    expect(published).toBe(5);
    expect(overview.charts.failed.reduce<number>((sum, count) => sum + (count ?? 0), 0)).toBe(5);
  });

  it('says of a failure that nobody has that there is none', async () => {
    await expect(
      getFailure.call(context, mei, { group: 'payment', type: '~', error: 'Nothing' }),
    ).rejects.toThrow(/No message fails in payment with Nothing now/);
  });

  it('is found by several words that narrow each other, by parts and beginnings of keys', async () => {
    // Names of groups that report are known by name.
    await context.store.query('UPDATE consumer_group SET reports = true');
    expect((await search('5001')).hits.map((hit) => hit.key)).toEqual(['order-5001']);
    expect((await search('order-500')).readAs).toEqual([{ word: 'order-500', as: 'prefix', also: [] }]);
    expect((await search('order-500')).hits).toHaveLength(5);
    expect((await search('order-500 locktimeout')).hits.map((hit) => hit.key)).toEqual(['order-5003']);
    expect((await search('payment OrderPaid HANDLE_FAIL')).hits).toHaveLength(3);
    expect((await search('payment nobody-knows')).hits).toHaveLength(0);
    const named = await search('RangeError');
    expect(named.failures.map((failure) => failure.error)).toEqual(['RangeError']);
    expect((await search('order-50%')).hits).toHaveLength(0);
    await expect(search('a b c d e f g')).rejects.toThrow(/7 words; a search takes 6/);
  });

  it('is listed by service, kind, error and time, and group and status mean the same delivery', async () => {
    const list = async (input: Record<string, unknown>) =>
      (await listAllMessages.call(context, mei, input)).rows.map((row) => row.key);
    expect(await list({ error: 'LockTimeout' })).toEqual(['order-5003']);
    expect(await list({ group: 'payment', error: 'Flaky', status: ['HANDLED'] })).toEqual(['order-5004']);
    expect(await list({ error: 'Flaky', status: ['HANDLE_FAIL'] })).toEqual([]);
    expect(await list({ service: 'shop' })).toHaveLength(5);
    expect(await list({ service: 'other' })).toEqual([]);
    expect(await list({ kind: 'ordered' })).toEqual([]);
    expect(await list({ to: new Date(Date.now() - 3_600_000).toISOString() })).toEqual([]);
    expect(await list({ from: new Date(Date.now() - 3_600_000).toISOString() })).toHaveLength(5);
    expect(await list({ q: 'order-500 RangeError' })).toHaveLength(2);
  });

  it('is counted over time as the list has it', async () => {
    const to = Date.now() + 60_000;
    const span = { from: new Date(to - 3_600_000).toISOString(), to: new Date(to).toISOString() };
    const { bars } = await messageHistogram.call(context, mei, span);
    const sum = (values: number[] | undefined) => values?.reduce((a, b) => a + b, 0);
    expect(sum(bars?.HANDLE_FAIL)).toBe(3);
    expect(sum(bars?.HANDLED)).toBe(2);
    await expect(messageHistogram.call(context, mei, { from: span.to, to: span.from })).rejects.toThrow(
      /forwards and 31 days/,
    );
  });

  it('is exported without a formula for a spreadsheet', async () => {
    await fail('=HYPERLINK("http://evil")', { error: { type: '@SUM', message: '+1' } });
    const { lines } = await exportMessages.call(context, mei, { format: 'csv', error: '@SUM' });
    let text = '';
    for await (const line of lines) text += line;
    const [, row = ''] = text.split('\r\n');
    expect(row).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(row).toContain(`"'@SUM","'+1"`);
    const json = await exportMessages.call(context, mei, { format: 'ndjson', error: '@SUM' });
    let first = '';
    for await (const line of json.lines) first += line;
    expect((JSON.parse(first) as { key: string }).key).toBe('=HYPERLINK("http://evil")');
  });

  it('is retried as a whole, once, with outcomes that add up', async () => {
    const messages = [];
    for (let n = 0; n < 5; n += 1) messages.push(await makeFailedMessage(context, 'parcels', 'carrier'));
    const [first, second] = messages;
    await write([makeFact('handled', first?.id ?? '', 0, { group: 'carrier', attempt: 2 })]);
    const selected = { group: 'carrier', messageIds: messages.map((message) => message.id) };
    expect(await previewMany.call(context, mei, selected)).toMatchObject({
      selected: 5,
      open: 4,
      targets: ['courier.retry.carrier'],
      others: [],
      skipped: [{ reason: 'not_failing', count: 1 }],
    });
    const ask = () =>
      createRetry.call(context, mei, { selected, reason: 'mended', idempotencyKey: 'one-press' });
    const accepted = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(accepted.map((item) => item.id)).size).toBe(1);
    const id = accepted[0]?.id ?? '';
    const retry = await getRetry.call(context, mei, { id });
    expect(retry).toMatchObject({ total: 5, states: { PENDING: 4, SKIPPED: 1 }, reason: 'mended' });
    expect(retry.skipped).toEqual([{ reason: 'not_failing', count: 1 }]);
    const items = await listRetryItems.call(context, mei, { id, states: ['PENDING'] });
    expect(items.rows).toHaveLength(4);
    expect((await listAllRetries.call(context, mei, { running: true })).rows.map((row) => row.id)).toEqual([
      id,
    ]);
    // What is being retried is not retried again, whichever way it is asked for.
    const again = await previewMany.call(context, mei, {
      group: 'carrier',
      failure: { type: 'T', error: 'E' },
    });
    expect(again).toMatchObject({
      selected: 4,
      open: 0,
      skipped: [{ reason: 'being_retried', retry: { by: 'mei' } }],
    });
    await expect(
      createRetry.call(context, mei, {
        selected: { group: 'carrier', messageIds: [second?.id] },
        idempotencyKey: 'one-press',
      }),
    ).rejects.toThrow(/was used for another request/);
    await expect(
      previewMany.call(context, mei, { group: 'nobody', messageIds: [second?.id] }),
    ).rejects.toThrow(/There is no consumer group nobody/);
  });

  it('does not heal by itself what a person sent again, also where services do not name the generation', async () => {
    const resent = await fail('order-6001', { error: { type: 'Resent', message: 'x' } });
    await retry(resent);
    await handle(resent);
    await expect
      .poll(async () => (await overviewNow.call(context, mei, {})).healed.map((item) => item.error))
      .toEqual(['Flaky']);
  });
});
