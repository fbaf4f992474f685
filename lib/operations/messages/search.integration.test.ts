import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import type { Fact } from '@/lib/protocol/fact';
import { mergeFacts } from '@/lib/store/facts/merge';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId } from '@/lib/testing/facts';
import { exportMessages } from './export';
import { listAllMessages } from './list';
import { searchMessages } from './search';

const mei: Actor = { id: 1, name: 'mei', role: 'administrator' };

describe('a message', () => {
  let database: TestDatabase;
  let context: Context;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await buildContext(readSettings({}), database.url, createLog('silent'));
    // Names of groups that report are known by name.
    await context.catalog.groupIds(['payment', 'inventory']);
    await context.store.query('UPDATE consumer_group SET reports = true');
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });

  const write = (facts: Fact[]) =>
    mergeFacts(context.store, context.catalog, { source: 'test', receivedAt: new Date(), facts });
  /** A message of now that payment failed on. */
  const fail = async (key: string, more: Partial<Fact> = {}) => {
    const id = newId();
    const at = new Date().toISOString();
    const message = { topic: 'orders', type: 'OrderPaid', service: 'shop', key, sentAt: at };
    const error = { type: 'RangeError', message: 'balance' };
    await write([
      makeFact('committed', id, 0, { at, message }),
      makeFact('handle_failed', id, 0, { at, group: 'payment', attempt: 1, error, ...more }),
    ]);
    return id;
  };
  const handle = (id: string) =>
    write([makeFact('handled', id, 0, { at: new Date().toISOString(), group: 'payment' })]);
  const search = (text: string) => searchMessages.call(context, mei, { text });

  it('is found by words in the palette and in the list alike, where group and status mean the same delivery', async () => {
    const id = await fail('order-6001');
    await write([makeFact('handled', id, 0, { at: new Date().toISOString(), group: 'inventory' })]);
    const list = async (input: Record<string, unknown>) =>
      (await listAllMessages.call(context, mei, input)).rows.map((row) => [row.key, row.status]);
    expect(await list({ q: '6001', group: 'inventory', status: ['HANDLE_FAIL'] })).toEqual([]);
    expect(await list({ q: '6001', group: 'inventory' })).toEqual([['order-6001', 'HANDLED']]);
    expect(await list({ q: '6001', group: 'payment', status: ['HANDLE_FAIL'] })).toEqual([
      ['order-6001', 'HANDLE_FAIL'],
    ]);
    expect(await list({ q: '6001', kind: 'ordered' })).toEqual([]);
    expect(await list({ q: '6001', to: new Date(Date.now() - 3_600_000).toISOString() })).toEqual([]);
    // The same words in the palette.
    expect((await search('6001 inventory HANDLED')).hits).toHaveLength(1);
    expect((await search('6001 inventory HANDLE_FAIL')).hits).toEqual([]);
    expect((await search('6001 payment HANDLE_FAIL')).hits.map((hit) => hit.key)).toEqual(['order-6001']);
  });

  it('shows a whole key before a key of which the word is a part, and hides neither', async () => {
    await fail('7001-a');
    const whole = await fail('7001');
    await handle(whole);
    const { hits, readAs, count } = await search('7001');
    // The whole key is the stricter reading, though it is well and the other is trouble.
    expect(hits.map((hit) => hit.key)).toEqual(['7001', '7001-a']);
    expect(readAs).toEqual([{ word: '7001', as: 'key', also: ['segment'] }]);
    expect(count).toBe(2);
  });

  it('is found by a key with a space, in quotes', async () => {
    await fail('two words 8001');
    expect((await search('"two words 8001"')).hits.map((hit) => hit.key)).toEqual(['two words 8001']);
    expect((await search('"two words 8001" LockTimeout')).hits).toEqual([]);
  });

  it('is found by its id as the lists show it, by its last digits, and by its first', async () => {
    const id = await fail('short-8101');
    const end = id.slice(-8);
    for (const text of [
      `${id.slice(0, 4)}…${end}`,
      `${id.slice(0, 4)}...${end}`,
      end.toUpperCase(),
      id.slice(0, 20),
    ]) {
      const { hits, readAs, searched } = await search(text);
      expect(hits.map((hit) => hit.id)).toContain(id);
      expect(readAs.map((item) => item.as)).toEqual(['idPart']);
      // All ids there are were compared.
      expect(searched.idsLooked).toBeNull();
    }
    const other = id.startsWith('ffff') ? '0000' : 'ffff';
    expect((await search(`${other}…${end}`)).hits).toEqual([]);
    // A word of eight digits that is the key of a message finds that message.
    await fail(end);
    expect((await search(end)).hits.map((hit) => hit.key)).toEqual([end]);
  });

  it('leads from a message that was found to its failure', async () => {
    await fail('order-5003', { error: { type: 'LockTimeout', message: 'busy' } });
    // What fails is counted at most once in five seconds for all who type.
    await expect
      .poll(async () => (await search('order-5003')).failures.map((failure) => failure.error), {
        timeout: 15_000,
      })
      .toEqual(['LockTimeout']);
  });

  it('is listed and exported by words page by page, and says when not all of it was looked at', async () => {
    for (let n = 0; n < 5; n += 1) await fail(`batch-9001-${n}`);
    const seen: (string | null)[] = [];
    let before: string | undefined;
    do {
      const page = await listAllMessages.call(context, mei, { q: '9001', limit: 2, before });
      expect(page.searched.looked).toBeNull();
      seen.push(...page.rows.map((row) => row.key));
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual([4, 3, 2, 1, 0].map((n) => `batch-9001-${n}`));
    const { lines } = await exportMessages.call(context, mei, { q: '9001', format: 'ndjson' });
    const exported: string[] = [];
    for await (const line of lines) exported.push(line);
    expect(exported.join('').trim().split('\n')).toHaveLength(5);
    await expect(
      exportMessages.call(context, mei, { q: 'a b c', surprise: 1, format: 'csv' }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
