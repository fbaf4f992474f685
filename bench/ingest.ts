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
import { quantile, round, timed, type Row } from './bench';
import { Former } from './former';
import { startStore } from './store';

const MESSAGES = 5_000;
const ROUNDS = 4;
/** Measurements of each. */
const TURNS = 3;
const TABLES = ['message', 'delivery', 'fact', 'ref'] as const;

/** Messages a second. */
interface Rates {
  ours: number;
  /** A raw binary COPY of the very bytes that came out, into the same tables with their indexes. */
  raw: number;
}

/** Facts into the store, against the same with the tables of release 0.1, and against a raw COPY of the bytes of either. */
export async function bench(): Promise<Row[]> {
  const former = Former.open();
  const runs: { now: Record<Kind, Rates>; before: Record<Kind, Rates> }[] = [];
  try {
    // In turns, so that neither has the quieter half.
    for (let turn = 0; turn < TURNS; turn += 1)
      runs.push({ before: ratesOf(former.run('ingest')), now: await measure() });
  } finally {
    former.close();
  }
  const middle = (of: (run: (typeof runs)[number]) => number) =>
    quantile(
      runs.map(of).sort((a, b) => a - b),
      0.5,
    );
  const perSecond = (rate: number) => `${round(rate, 0)} messages/s`;
  return KINDS.flatMap((kind) => {
    const ours = middle(({ now }) => now[kind].ours);
    const row = (of: string, against: number, ratio: number, goal: string): Row => ({
      what: `all messages of the batch ${kind}, against ${of}`,
      courier: perSecond(ours),
      against: perSecond(against),
      ratio: round(ratio),
      goal,
    });
    const [former, itsRaw, raw] = [
      middle(({ before }) => before[kind].ours),
      middle(({ before }) => before[kind].raw),
      middle(({ now }) => now[kind].raw),
    ];
    return [
      row(
        'the tables of release 0.1',
        former,
        middle(({ now, before }) => now[kind].ours / before[kind].ours),
        '>= 1.5',
      ),
      row(
        'a raw COPY of the bytes of release 0.1',
        itsRaw,
        middle(({ now, before }) => now[kind].ours / before[kind].raw),
        kind === 'new' ? '>= 0.90' : '>= 0.45',
      ),
      row(
        'a raw COPY of its own bytes',
        raw,
        middle(({ now }) => now[kind].ours / now[kind].raw),
        '-',
      ),
    ];
  });
}

const KINDS = ['new', 'known'] as const;
type Kind = (typeof KINDS)[number];

/** The rates in the rows of the former bench. */
function ratesOf(rows: Row[]): Record<Kind, Rates> {
  const of = (kind: Kind): Rates => {
    const row = rows.find(({ what }) => what.endsWith(` ${kind}`));
    return { ours: Number.parseFloat(row?.courier ?? ''), raw: Number.parseFloat(row?.against ?? '') };
  };
  return { new: of('new'), known: of('known') };
}

async function measure(): Promise<Record<Kind, Rates>> {
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
    const times = { new: { ours: 0, raw: 0 }, known: { ours: 0, raw: 0 } };
    for (let round = 0; round < ROUNDS; round += 1) {
      const messages = fresh(MESSAGES);
      times.new.ours += await timed(() =>
        merge(
          ours,
          messages.flatMap((message) => message.first),
        ),
      );
      const ids = messages.map((message) => message.id);
      times.new.raw += await copyOver(ours, raw, ids, TABLES);
      times.known.ours += await timed(() =>
        merge(
          ours,
          messages.flatMap((message) => message.second),
        ),
      );
      times.known.raw += await copyOver(ours, raw, ids, ['fact', 'delivery'], KIND_NUMBER.handled);
    }
    const rate = (ms: number) => (MESSAGES * ROUNDS) / (ms / 1_000);
    const of = (kind: Kind): Rates => ({ ours: rate(times[kind].ours), raw: rate(times[kind].raw) });
    return { new: of('new'), known: of('known') };
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
