import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Context } from '../lib/context/context';
import { makePartitions } from '../lib/store/schema/partitions';
import { KIND_NUMBER } from '../lib/store/facts/pack-fact';
import { mergeFacts } from '../lib/store/facts/merge';
import { makeFact, newId } from '../lib/testing/facts';
import type { Fact } from '../lib/protocol/fact';
import { round, timed, type Row } from './bench';
import { startStore } from './store';

const MESSAGES = 5_000;
const ROUNDS = 4;
const TABLES = ['message', 'delivery', 'fact', 'ref'] as const;

/** Facts into the store, against a raw binary COPY of the very bytes that came out, into the same tables with their indexes. */
export async function bench(): Promise<Row[]> {
  const store = await startStore();
  try {
    const [ours, raw] = [await store.open('ours'), await store.open('raw')];
    for (const context of [ours, raw]) {
      await makePartitions(context.store, Date.now(), Date.now());
      context.partitions.forget();
    }
    await merge(
      ours,
      fresh(500).flatMap((item) => item.first),
    );
    const times = { fresh: { ours: 0, raw: 0 }, known: { ours: 0, raw: 0 } };
    for (let round = 0; round < ROUNDS; round += 1) {
      const messages = fresh(MESSAGES);
      times.fresh.ours += await timed(() =>
        merge(
          ours,
          messages.flatMap((message) => message.first),
        ),
      );
      const ids = messages.map((message) => message.id);
      times.fresh.raw += await copyOver(ours, raw, ids, TABLES);
      const before = new Set(ids);
      times.known.ours += await timed(() =>
        merge(
          ours,
          messages.flatMap((message) => message.second),
        ),
      );
      times.known.raw += await copyOver(ours, raw, [...before], ['fact', 'delivery'], KIND_NUMBER.handled);
    }
    const row = (what: string, of: { ours: number; raw: number }, goal: string): Row => ({
      what,
      courier: `${round((MESSAGES * ROUNDS) / (of.ours / 1000), 0)} messages/s`,
      against: `${round((MESSAGES * ROUNDS) / (of.raw / 1000), 0)} messages/s (raw binary COPY)`,
      ratio: round(of.raw / of.ours),
      goal,
    });
    return [
      row('all messages of the batch new', times.fresh, '>= 0.80'),
      row('all messages of the batch known', times.known, '>= 0.40'),
    ];
  } finally {
    await store.stop();
  }
}

let offset = 0;

function fresh(count: number): { id: string; first: Fact[]; second: Fact[] }[] {
  return Array.from({ length: count }, () => {
    const id = newId();
    offset += 1;
    const position = { topic: 'orders', partition: 0, offset: String(offset) };
    const message = {
      topic: 'orders',
      type: 'OrderPaid',
      service: 'shop',
      key: `order-${offset}`,
      size: 200,
    };
    return {
      id,
      first: [makeFact('committed', id, 0, { position, message, service: 'shop' })],
      second: ['payment', 'inventory'].map((group) =>
        makeFact('handled', id, 1, {
          group,
          position,
          attempt: 1,
          durationMs: 12,
          host: 'host-a',
          release: '1.0.0',
        }),
      ),
    };
  });
}

function merge(context: Context, facts: Fact[]) {
  return mergeFacts(context.store, context.catalog, { source: 'bench', receivedAt: new Date(), facts });
}

/** Takes the rows of messages out of one store as binary, and times their way into the other, in one transaction. */
async function copyOver(
  from: Context,
  to: Context,
  ids: string[],
  tables: readonly (typeof TABLES)[number][],
  kind?: number,
): Promise<number> {
  const parts = new Map<string, { columns: string; bytes: Buffer }>();
  const reader = await from.store.connect();
  await reader.query('CREATE TEMP TABLE IF NOT EXISTS picked (id uuid PRIMARY KEY)');
  await reader.query('TRUNCATE picked');
  await reader.query('INSERT INTO picked SELECT unnest($1::uuid[])', [ids]);
  for (const table of tables) {
    const columns = await columnsOf(reader, table);
    const key = table === 'message' ? 'id' : 'message_id';
    const only = kind && table === 'fact' ? ` AND kind = ${kind}` : '';
    const chunks: Buffer[] = [];
    const out = reader.query(
      copyTo(
        `COPY (SELECT ${columns} FROM ${table} WHERE ${key} IN (SELECT id FROM picked)${only}) TO STDOUT (FORMAT binary)`,
      ),
    );
    for await (const chunk of out) chunks.push(chunk as Buffer);
    parts.set(table, { columns, bytes: Buffer.concat(chunks) });
  }
  reader.release();
  const writer = await to.store.connect();
  try {
    return await timed(async () => {
      await writer.query('BEGIN');
      for (const [table, { columns, bytes }] of parts)
        await pipeline(
          Readable.from([bytes]),
          writer.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN (FORMAT binary)`)),
        );
      await writer.query('COMMIT');
    });
  } finally {
    writer.release();
  }
}

async function columnsOf(client: PoolClient, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_name = $1 AND is_generated = 'NEVER'`,
    [table],
  );
  return rows[0]?.columns ?? '';
}
