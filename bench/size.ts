import { mergeFacts } from '../lib/store/facts/merge';
import { recount } from '../lib/store/facts/recount';
import { makePartitions } from '../lib/store/schema/partitions';
import { makeFact } from '../lib/testing/facts';
import { newUuidV7 } from '../lib/protocol/uuid';
import type { Fact } from '../lib/protocol/fact';
import type { Context } from '../lib/context/context';
import { round, type Row } from './bench';
import { startStore } from './store';

const MESSAGES = Number(process.argv.find((arg) => arg.startsWith('--messages='))?.slice(11) ?? 400_000);
const BATCH = 2_000;
const TOPICS = 400;
const SERVICES = 20;
/** Messages are of one day: as many a minute as a million a day are. */
const MINUTE_OF = 694;
const DAY_MS = 86_400_000;

/**
 * Bytes that a stored message takes, by the mix of a large installation: every record is read by the index, with an id header
 * on half and a trace of three messages; one in six is reported by three groups, one in fifty fails. Written by the same
 * function as in the product.
 */
export async function bench(): Promise<Row[]> {
  const store = await startStore();
  try {
    const context = await store.open('size');
    const day = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    await makePartitions(context.store, day - DAY_MS, day + DAY_MS);
    context.partitions.forget();
    const began = day - DAY_MS / 2;
    const empty = await bytesOf(context);
    for (let from = 0; from < MESSAGES; from += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, MESSAGES - from) }, (_, at) => from + at);
      const messages = numbers.map((number) => messageOf(number, began));
      await merge(
        context,
        'topic index',
        messages.map((message) => message.indexed),
      );
      await merge(
        context,
        'intake',
        messages.flatMap((message) => message.reported),
      );
    }
    if ((await recount(context.store, context.cluster.id)) > 0) throw new Error('the counts are not exact');
    // As housekeeping does after some hours.
    await context.store.query('DELETE FROM status_count WHERE count = 0');
    await context.store.query('VACUUM FULL status_count');
    await context.store.query('VACUUM');
    const grown = await bytesOf(context);
    if (process.argv.includes('--tables')) await printTables(context);
    await context.store.query('REINDEX DATABASE size');
    const anew = await bytesOf(context);
    const row = (what: string, of: number, goal: string): Row => ({
      what,
      courier: `${round((of - empty) / MESSAGES, 0)} bytes`,
      against: '2,340 bytes (release 0.1, a store of 2 M messages)',
      ratio: `${round(2_340 / ((of - empty) / MESSAGES), 1)}x smaller`,
      goal,
    });
    return [
      row(
        `bytes a message, ${MESSAGES / 1_000_000} M messages, all tables and indexes`,
        grown,
        '<= 800 bytes',
      ),
      row('the same, after its indexes were made anew', anew, '<= 700 bytes'),
    ];
  } finally {
    await store.stop();
  }
}

function messageOf(number: number, began: number): { indexed: Fact; reported: Fact[] } {
  const time = began + Math.floor((number / MINUTE_OF) * 60_000);
  const id = newUuidV7(time);
  const topic = `topic-${(number * 31) % TOPICS}`;
  const service = `service-${number % SERVICES}`;
  const at = new Date(time).toISOString();
  const position = { topic, partition: number % 12, offset: String(number) };
  const trace = (Math.floor(number / 3) + 1).toString(16).padStart(32, '0');
  const message = {
    topic,
    type: `Type-${number % 80}`,
    service,
    key: `order-${100_000 + ((number * 7_919) % 900_000)}`,
    sentAt: at,
    size: 200,
    traceId: trace,
  };
  const header = { name: 'x-request-id', value: `req-${number.toString(16).padStart(16, '0')}` };
  const indexed = makeFact('indexed', id, 0, {
    at,
    position,
    message,
    ...(number % 2 === 0 ? { idHeaders: [header] } : {}),
  });
  const isFailing = number % 50 === 1;
  const groups = number % 6 === 0 ? [0, 1, 2] : isFailing ? [0] : [];
  const reported = groups.map((group) => {
    const who = {
      group: `group-${((number * 31) % 20) * 3 + group}`,
      attempt: 1,
      durationMs: 12,
      position,
      service: `handler-${group}`,
      host: `host-${number % 5}`,
      release: '1.4.0',
    };
    return isFailing && group === 0
      ? makeFact('handle_failed', id, 0, {
          at,
          ...who,
          error: { type: 'TimeoutError', message: 'no answer in 3 s', stack: STACK },
          gaveUp: { to: null },
        })
      : makeFact('handled', id, 0, { at, ...who });
  });
  return { indexed, reported };
}

const STACK = Array.from(
  { length: 10 },
  (_, line) => `    at call${line} (/app/dist/handlers/payment.js:${line}:17)`,
).join('\n');

async function merge(context: Context, source: string, facts: Fact[]): Promise<void> {
  const options = { source, receivedAt: new Date(), facts };
  await mergeFacts(context.store, context.catalog, options);
}

async function bytesOf(context: Context): Promise<number> {
  const { rows } = await context.store.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  );
  return Number(rows[0]?.bytes ?? 0);
}

async function printTables(context: Context): Promise<void> {
  const { rows } = await context.store.query<{ name: string; table: string; index: string }>(
    `SELECT regexp_replace(c.relname, '_p\\d+$', '') AS name, sum(pg_table_size(c.oid)) AS table, sum(pg_indexes_size(c.oid)) AS index
     FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
     GROUP BY 1 ORDER BY sum(pg_total_relation_size(c.oid)) DESC LIMIT 12`,
  );
  for (const { name, table, index } of rows)
    console.log(
      `${name}: ${round(Number(table) / MESSAGES, 1)} rows, ${round(Number(index) / MESSAGES, 1)} indexes`,
    );
}
