import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { readSettings } from '@/lib/config';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { followSent } from '@/lib/engine/sending/follow';
import { reconcile } from '@/lib/engine/sending/reconcile';
import { sendDue } from '@/lib/engine/sending/send';
import { createLog } from '@/lib/log';
import { createPool } from '@/lib/postgres';
import { HEADER } from '@/lib/protocol/headers';
import { migrate } from '@/lib/store/schema/migrate';
import { putOperator } from '@/lib/store/operators/operators';
import { createTestDatabase, onServer, withDatabase, type TestDatabase } from '@/lib/testing/database';
import { newId } from '@/lib/testing/facts';
import { getTest } from './get-test';
import { publishTest } from './publish-test';

const MEI: Actor = { id: 1, name: 'mei', role: 'administrator' };
const TIMES = { leaseSeconds: 30, reconcileSeconds: 0 };

async function open(url: string): Promise<Context> {
  const context = await buildContext(readSettings({}), url, createLog('error'));
  await putOperator(context.store, {
    name: 'mei',
    folded: 'mei',
    passwordHash: 'none',
    role: 'administrator',
  });
  return context;
}

async function send(context: Context): Promise<void> {
  await sendDue(context, TIMES, () => undefined);
  await reconcile(context, TIMES);
  await followSent(context);
}

async function recordsOf(context: Context, topic: string): Promise<BrokerRecord[]> {
  const ends = (await context.broker.logEnds([topic])).known;
  const from = ends.map(({ partition, start }) => ({ topic, partition, offset: start }));
  const answers = await context.broker.fetch(from, { maxBytes: 1_000_000, waitMs: 0 });
  return answers.flatMap(({ records }) => records);
}

describe('a test message', () => {
  let database: TestDatabase;
  let context: Context;
  beforeAll(async () => {
    database = await createTestDatabase(inject('postgres'));
    context = await open(database.url);
    await context.broker.createTopics([{ name: 'orders', partitions: 3 }]);
    await context.catalog.topicId('orders');
  });
  afterAll(async () => {
    await closeContext(context);
    await database.drop();
  });
  const publish = (input: object) =>
    publishTest.call(context, MEI, { topic: 'orders', payload: '{}', ...input });

  it('goes where a message of that key goes, with what the person typed, and its position is told', async () => {
    const { id } = await publish({ key: 'order-7', type: 'order.created', headers: [['trace', 'ünï']] });
    expect(await getTest.call(context, MEI, { id })).toMatchObject({ state: 'PENDING', detail: null });
    await send(context);
    const partition = await context.broker.partitionFor('orders', Buffer.from('order-7'));
    const [record] = await recordsOf(context, 'orders');
    expect(record).toMatchObject({ partition, key: Buffer.from('order-7'), value: Buffer.from('{}') });
    expect(record?.headers.map(([name, value]) => [name, value?.toString()])).toEqual([
      [HEADER.id, id],
      [HEADER.topic, 'orders'],
      [HEADER.type, 'order.created'],
      [HEADER.service, 'courier'],
      [HEADER.kind, 'event'],
      [HEADER.time, expect.any(String)],
      ['trace', 'ünï'],
    ]);
    expect(await getTest.call(context, MEI, { id })).toMatchObject({
      state: 'SENT',
      detail: `orders/${partition}/0`,
    });
    await send(context);
    expect(await recordsOf(context, 'orders')).toHaveLength(1);
  });

  it('goes to the partition that the person chose, and a tombstone has no value', async () => {
    await publish({ key: 'order-7', partition: 0, payload: null });
    await publish({ key: 'order-7', partition: 1, payload: null });
    await send(context);
    const records = (await recordsOf(context, 'orders')).filter(({ value }) => value === null);
    expect(records.map(({ partition }) => partition).sort()).toEqual([0, 1]);
  });

  it('is looked for where its sender did not come back, and is sent again only where it is not there', async () => {
    const { id } = await publish({ key: 'lost' });
    // As a sender leaves it that was killed before it had an answer.
    const expire = "UPDATE retry_item SET lease_until = now() - interval '1 s' WHERE message_id = $1";
    const claimed = { leaseSeconds: 30, reconcileSeconds: 0 };
    const broken: Context = {
      ...context,
      broker: Object.assign(Object.create(context.broker) as Context['broker'], {
        publish: () => Promise.reject(new Error('killed')),
      }),
    };
    await sendDue(broken, claimed, () => undefined);
    await context.store.query(expire, [id]);
    expect(await getTest.call(context, MEI, { id })).toMatchObject({ state: 'UNCERTAIN' });
    await reconcile(context, claimed);
    await send(context);
    const copies = (await recordsOf(context, 'orders')).filter(
      ({ headers }) => headerOf(headers, HEADER.id) === id,
    );
    expect(copies).toHaveLength(1);
    expect(headerOf(copies[0]!.headers, HEADER.possibleDuplicate)).toBe('1');
    expect(await getTest.call(context, MEI, { id })).toMatchObject({ state: 'SENT' });
    // And one that did arrive is found, not sent again.
    const { id: found } = await publish({ key: 'found' });
    const doubtful: Context = {
      ...context,
      broker: Object.assign(Object.create(context.broker) as Context['broker'], {
        publish: async (records: Parameters<Context['broker']['publish']>[0]) => {
          await context.broker.publish(records);
          return records.map(() => ({ outcome: 'unknown', reason: 'the connection broke' }));
        },
      }),
    };
    await sendDue(doubtful, claimed, () => undefined);
    expect(await getTest.call(context, MEI, { id: found })).toMatchObject({
      state: 'UNCERTAIN',
      detail: 'the connection broke',
    });
    await send(context);
    expect(await getTest.call(context, MEI, { id: found })).toMatchObject({ state: 'SENT' });
    const all = await recordsOf(context, 'orders');
    expect(all.filter(({ headers }) => headerOf(headers, HEADER.id) === found)).toHaveLength(1);
  });

  it('is no retry: no list and no count of retries has it', async () => {
    await publish({ key: 'hidden' });
    const { listAllRetries } = await import('../retries/list');
    const { countAttention } = await import('../overview/attention');
    for (const running of [true, false])
      expect((await listAllRetries.call(context, MEI, { running })).rows).toEqual([]);
    expect((await countAttention.call(context, MEI, {})).retries).toBe(0);
    await send(context);
  });
});

describe('test messages of release 0.1', () => {
  const BEFORE = '20261130010000_one_ledger';
  let url: string;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const server = inject('postgres');
    const name = `test_ledger_${newId().slice(-8)}`;
    await onServer(server, `CREATE DATABASE ${name}`);
    url = withDatabase(server, name);
    drop = () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  });
  afterAll(() => drop());

  it('that waited are sent once, and the others stay what they were', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'courier-migrations-'));
    for (const entry of readdirSync('prisma/migrations'))
      if (entry < BEFORE)
        cpSync(path.join('prisma/migrations', entry), path.join(folder, entry), { recursive: true });
    await migrate(url, folder);
    rmSync(folder, { recursive: true });
    const pool = createPool(url, 2, () => undefined);
    const [waiting, sent, doubtful] = [newId(), newId(), newId()];
    await pool.query(
      "INSERT INTO operator (name, folded, password_hash, role) VALUES ('mei', 'mei', 'x', 'administrator')",
    );
    await pool.query(
      "INSERT INTO cluster (id, name, kind, address, environment) OVERRIDING SYSTEM VALUE VALUES (1, 'embedded', 'embedded', 'embedded', 'development')",
    );
    await pool.query(
      "INSERT INTO topic (id, cluster_id, name) OVERRIDING SYSTEM VALUE VALUES (1, 1, 'orders')",
    );
    const insert = `INSERT INTO test_message (id, cluster_id, topic_id, partition, key, headers, payload, type, operator_id, operator_name, state, detail)
      VALUES ($1, 1, 1, NULL, $2, $3, $4, 'T', 1, 'mei', $5, $6)`;
    const headers = JSON.stringify([
      ['name', 'välue "quoted"'],
      ['long', 'x'.repeat(200)],
    ]);
    await pool.query(insert, [waiting, 'key', headers, '{"ü":1}', 'PENDING', null]);
    await pool.query(insert, [sent, null, '[]', null, 'SENT', 'orders/2/41']);
    await pool.query(insert, [doubtful, null, '[]', '', 'UNCERTAIN', 'the connection broke']);
    await pool.end();

    await migrate(url, 'prisma/migrations');
    const context = await open(url);
    try {
      await context.broker.createTopics([{ name: 'orders', partitions: 3 }]);
      const stateOf = async (id: string) => getTest.call(context, MEI, { id });
      expect(await stateOf(waiting)).toMatchObject({ topic: 'orders', state: 'PENDING' });
      expect(await stateOf(sent)).toMatchObject({ state: 'SENT', detail: 'orders/2/41' });
      expect(await stateOf(doubtful)).toMatchObject({ state: 'UNKNOWN' });
      await send(context);
      await send(context);
      const records = await recordsOf(context, 'orders');
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({ key: Buffer.from('key'), value: Buffer.from('{"ü":1}') });
      const texts = new Map(records[0]!.headers.map(([name, value]) => [name, value?.toString()]));
      expect(Object.fromEntries(texts)).toMatchObject({
        [HEADER.id]: waiting,
        [HEADER.topic]: 'orders',
        [HEADER.type]: 'T',
        name: 'välue "quoted"',
        long: 'x'.repeat(200),
      });
      expect(await stateOf(waiting)).toMatchObject({ state: 'SENT' });
    } finally {
      await closeContext(context);
    }
  });
});
