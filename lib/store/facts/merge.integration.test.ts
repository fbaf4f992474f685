import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { deliveryKey, foldFacts } from '@/lib/domain/messages/fold';
import { STATUSES, statusOfMessage, statusOfOutcome, type Status } from '@/lib/domain/messages/status';
import { timeOfUuidV7 } from '@/lib/protocol/uuid';
import type { Fact } from '@/lib/protocol/fact';
import { Catalog } from '../names/catalog';
import { makePartitions, PartitionCatalog } from '../schema/partitions';
import { createTestDatabase, type TestDatabase } from '@/lib/testing/database';
import { makeFact, newId, permutations, seeded, shuffle, storyOf } from '@/lib/testing/facts';
import { mergeFacts } from './merge';
import { rebuild } from './rebuild';

let database: TestDatabase;
let catalog: Catalog;

beforeAll(async () => {
  database = await createTestDatabase(inject('postgres'));
  await database.pool.query("INSERT INTO cluster (name, kind, address) VALUES ('test', 'kafka', 'none')");
  catalog = new Catalog(database.pool, 1);
  await makePartitions(database.pool, Date.now() - 86_400_000, Date.now() + 86_400_000);
});
afterAll(() => database.drop());

const merge = (facts: Fact[]) =>
  mergeFacts(database.pool, catalog, { source: 'test', facts, receivedAt: new Date() });

async function rowsOf(id: string) {
  const { rows: messages } = await database.pool.query<Record<string, unknown>>(
    'SELECT * FROM message_read WHERE id = $1',
    [id],
  );
  const { rows: deliveries } = await database.pool.query<Record<string, unknown>>(
    'SELECT d.*, g.name AS group FROM delivery_read d JOIN consumer_group g ON g.id = d.group_id WHERE message_id = $1',
    [id],
  );
  return { message: messages[0], deliveries };
}

const iso = (value: unknown) => (value instanceof Date ? value.toISOString() : value);

/** The merged rows must be what the facts add up to in memory. */
async function expectRowsToEqualFold(facts: Fact[]) {
  const fold = foldFacts(new Map(facts.map((fact) => [fact.factId, fact])).values());
  for (const [id, row] of fold.messages) {
    const { message, deliveries } = await rowsOf(id);
    const expected = [...fold.deliveries.values()].filter((delivery) => delivery.messageId === id);
    const status = statusOfMessage(
      row.committedAt !== null,
      row.sendFailures > 0,
      expected.map((item) => statusOfOutcome(item.outcome)),
    );
    expect(message).toMatchObject({
      status,
      type: named(row.description.type),
      key: row.description.key ?? null,
      send_failures: row.sendFailures,
      send_error_type: named(row.sendError?.value.type),
    });
    expect(iso(message?.committed_at)).toBe(row.committedAt);
    expect(iso(message?.first_at)).toBe(row.firstAt);
    expect(deliveries.length).toBe(expected.length);
    for (const delivery of deliveries) {
      const want = fold.deliveries.get(deliveryKey(id, String(delivery.group)));
      expect(delivery).toMatchObject({
        outcome: String(want?.outcome),
        status: statusOfOutcome(want?.outcome ?? 0),
        attempts: want?.attempts,
        handled_count: want?.handledCount,
        outcome_fact: want?.detail?.factId ?? null,
        attempt: want?.detail?.attempt ?? null,
        duration_ms: want?.detail?.durationMs ?? null,
        gave_up_to: want?.detail?.gaveUpTo ?? null,
        error_type: named(want?.error?.value.type),
        error_fact: want?.error?.factId ?? null,
      });
      expect(iso(delivery.last_at)).toBe(want?.lastAt);
    }
  }
}

const named = (type: string | undefined) => type || null;

/** The stored counts must be what counting the messages and deliveries gives. */
async function expectCountsToBeExact() {
  const { rows: messages } = await database.pool.query<{ id: string; status: string; type: string | null }>(
    'SELECT id, status, type FROM message_read',
  );
  const { rows: deliveries } = await database.pool.query<{ id: string; status: string; group_id: number }>(
    'SELECT message_id AS id, status, group_id FROM delivery_read',
  );
  const types = new Map(messages.map((row) => [row.id, row.type]));
  for (const [table, count, unit] of [
    [
      "(SELECT k.*, u.count AS counted, k.hour + (u.m - 1) * interval '1 minute' AS at FROM status_count k, unnest(k.minutes) WITH ORDINALITY AS u (count, m))",
      'counted',
      60_000,
    ],
    ['(SELECT *, count AS counted, hour AS at FROM status_count)', 'counted', 3_600_000],
  ] as const) {
    const counted = new Map<string, number>();
    const add = (group: number, id: string, status: string) => {
      const at = Math.floor(timeOfUuidV7(id) / unit) * unit;
      // Deliveries are counted over all shapes.
      for (const type of group === 0 ? ['all', String(types.get(id) ?? '')] : ['all']) {
        const key = [group, type, at, STATUSES.indexOf(status as Status)].join(' ');
        counted.set(key, (counted.get(key) ?? 0) + 1);
      }
    };
    for (const row of messages) add(0, row.id, row.status);
    for (const row of deliveries) add(row.group_id, row.id, row.status);
    const { rows } = await database.pool.query<{ key: string; count: number }>(
      `SELECT concat_ws(' ', c.group_id, CASE WHEN c.shape_id = 0 THEN 'all' ELSE s.type END,
         (extract(epoch FROM c.at) * 1000)::bigint, c.status) AS key, sum(c.${count})::int AS count
       FROM ${table} c LEFT JOIN shape s ON s.id = c.shape_id GROUP BY 1 HAVING sum(c.${count}) <> 0`,
    );
    expect(new Map(rows.map((row) => [row.key, row.count]))).toEqual(counted);
  }
}

describe('merging facts', () => {
  it('takes an empty type for none, so that a page can name it', async () => {
    const id = newId();
    const error = { type: '', message: 'm' };
    await merge([
      makeFact('committed', id, 0, { message: { topic: 't', type: '' } }),
      makeFact('handle_failed', id, 1, { group: 'g', attempt: 1, error, gaveUp: { to: null } }),
    ]);
    const { rows } = await database.pool.query(
      'SELECT m.type, d.error_type, d.error_message FROM message_read m, delivery_read d WHERE m.id = $1 AND d.message_id = $1',
      [id],
    );
    expect(rows).toEqual([{ type: null, error_type: null, error_message: 'm' }]);
  });

  it('comes out as the fold for every order of two groups and two generations, each fact given one by one', async () => {
    const random = seeded(7);
    const orders = shuffle(permutations([0, 1, 2, 3, 4, 5]), random).slice(0, 60);
    for (const order of orders) {
      const story = storyOf(newId());
      const facts = order.map((at) => story[at]).filter((fact) => fact !== undefined);
      for (const fact of facts) await merge([fact]);
      await expectRowsToEqualFold(facts);
    }
    await expectCountsToBeExact();
  });

  it('comes out as the fold for any split into batches, with repetitions, by writers at the same time', async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const random = seeded(seed);
      const facts = shuffle(Array.from({ length: 12 }, () => storyOf(newId())).flat(), random);
      const again = shuffle(facts, random).slice(0, 30);
      const batches: Fact[][] = [];
      for (const fact of [...facts, ...again]) {
        if (batches.length === 0 || random() < 0.2) batches.push([]);
        batches.at(-1)?.push(fact);
      }
      await Promise.all(
        [0, 1, 2].map(async (writer) => {
          for (const [at, batch] of batches.entries()) if (at % 3 === writer) await merge(batch);
        }),
      );
      await expectRowsToEqualFold(facts);
    }
    await expectCountsToBeExact();
  });

  it('lets no two writers of the same messages wait for each other, whatever each of them knows', async () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const random = seeded(seed);
      const facts = Array.from({ length: 30 }, () => storyOf(newId())).flat();
      // Each writer has some facts of nearly all messages, so that all of them meet over who is first.
      const batches = Array.from({ length: 8 }, (_, writer) =>
        shuffle(
          facts.filter((_fact, at) => at % 8 === writer || random() < 0.05),
          random,
        ),
      );
      await Promise.all(
        batches.map(async (batch) => {
          for (let at = 0; at < batch.length; at += 6) await merge(batch.slice(at, at + 6));
        }),
      );
      await expectRowsToEqualFold(facts);
    }
  });

  it('adds an expected fact for each group that reports and takes the type, once, whichever fact shows the position first', async () => {
    const topic = await catalog.topicId('parcels');
    for (const [group, reports, types] of [
      ['ship', true, null],
      ['bill', true, ['Billed']],
      ['dumb', false, null],
    ] as const) {
      const id = await catalog.groupId(group);
      await database.pool.query('UPDATE consumer_group SET reports = $2 WHERE id = $1', [id, reports]);
      await database.pool.query('INSERT INTO subscription (group_id, topic_id, types) VALUES ($1, $2, $3)', [
        id,
        topic,
        types,
      ]);
    }
    const position = { topic: 'parcels', partition: 0, offset: '5' };
    const message = { topic: 'parcels', type: 'Packed' };
    const committed = (id: string) => makeFact('committed', id, 0, { position, message });
    const handled = (id: string) => makeFact('handled', id, 1, { group: 'ship', position, message });
    const statuses = async (id: string) =>
      (await rowsOf(id)).deliveries.map((delivery) => `${String(delivery.group)} ${String(delivery.status)}`);

    const [a, b] = [newId(), newId()];
    await merge([committed(a)]);
    expect(await statuses(a)).toEqual(['ship COMMITTED']);
    await merge([handled(a), committed(a)]);
    expect(await statuses(a)).toEqual(['ship HANDLED']);
    await merge([makeFact('handled', b, 1, { group: 'other', position, message })]);
    expect((await statuses(b)).sort()).toEqual(['other HANDLED', 'ship COMMITTED']);
    expect((await rowsOf(b)).message).toMatchObject({ status: 'COMMITTED' });
  });

  it('keeps every position of a message that was sent twice, and counts the copies', async () => {
    const id = newId();
    const at = (offset: string) =>
      makeFact('committed', id, 0, { position: { topic: 'orders', partition: 0, offset } });
    await merge([at('1')]);
    await merge([at('2'), at('2')]);
    expect((await rowsOf(id)).message).toMatchObject({ copies: 2 });
  });

  it('undoes everything when what belongs to the batch fails', async () => {
    const id = newId();
    const also = () => Promise.reject(new Error('the cursor was moved by another'));
    const facts = [makeFact('committed', id, 0)];
    await expect(
      mergeFacts(database.pool, catalog, { source: 'test', facts, receivedAt: new Date(), also }),
    ).rejects.toThrow('cursor');
    expect((await rowsOf(id)).message).toBeUndefined();
  });

  it('takes ids of any time: old ones wait in DEFAULT until their partition is made', async () => {
    const old = Date.now() - 20 * 86_400_000;
    const facts = storyOf(newId(old));
    await merge(facts);
    const where = async () =>
      (
        await database.pool.query<{ name: string }>(
          'SELECT tableoid::regclass::text AS name FROM message WHERE id = $1',
          [facts[0]?.messageId],
        )
      ).rows[0]?.name;
    expect(await where()).toBe('message_default');
    const partitions = new PartitionCatalog(database.pool);
    const named = () => partitions.of('message', facts[0]?.messageId ?? '');
    expect(await named()).toBe('message_default');
    await makePartitions(database.pool, old, old);
    expect(await where()).toMatch(/^message_p\d{8}$/);
    const soon = performance.now() + 1_100;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(soon);
    expect(await named()).toBe(await where());
    clock.mockRestore();
    await expectRowsToEqualFold(facts);
  });

  it('rebuilds nothing different, and mends what was changed by hand', async () => {
    const id = newId();
    await merge(storyOf(id));
    expect(await rebuild(database.pool, catalog, () => undefined)).toMatchObject({
      differed: [],
      miscounted: 0,
    });
    await database.pool.query("UPDATE message SET key = 'changed' WHERE id = $1", [id]);
    await database.pool.query('DELETE FROM delivery WHERE message_id = $1', [id]);
    await database.pool.query(
      'UPDATE status_count SET minutes[7] = minutes[7] + 7, count = count + 1 WHERE shape_id = 0',
    );
    const mended = await rebuild(database.pool, catalog, () => undefined);
    expect(mended.differed).toEqual([id]);
    expect(mended.miscounted).toBeGreaterThan(0);
    await expectCountsToBeExact();
    expect((await rebuild(database.pool, catalog, () => undefined)).differed).toEqual([]);
  });
});
