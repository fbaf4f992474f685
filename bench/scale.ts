import type { Context } from '../lib/context/context';
import { createServiceToken } from '../lib/operations/tokens/find';
import { commitPosition } from '../lib/testing/commit-position';
import { startKafka } from '../lib/testing/kafka';
import type { Fact } from '../lib/protocol/fact';
import { makeFact } from '../lib/testing/facts';
import { groupBy } from '../lib/values/group-by';
import { quantile, round, type Row } from './bench';
import { load, startConsole } from './console';
import { cpuSecondsOf, keepOpen, postmasterOf } from './open-page';
import { startStore } from './store';
import { startWorker, type BenchWorker } from './worker';

const TOPICS = 400;
const GROUPS = 60;
const SERVICES = 20;
const TYPES = 80;
/** Of which topics a record is of: most have few. */
const topicOf = (number: number) => (number * 31) % TOPICS;
const nameOf = (topic: number) => `firm.${topic % 7 === 3 ? `dead-${topic}-dlq` : `topic-${topic}`}`;
const DAY_MS = 86_400_000;
const IN_A_BATCH = 3_000;
const FACTS_A_BATCH = 300;
const REQUESTS = 60;

/**
 * The main route of every page over the messages of a large firm: 400 topics, 60 groups, 20 services. Records come from a
 * Kafka, outcomes by the intake, as they would.
 */
export async function bench(): Promise<Row[]> {
  const count = Number(process.argv.find((arg) => arg.startsWith('--messages='))?.slice(11) ?? 2_000_000);
  const kafka = await startKafka();
  const brokers = `kafka://${kafka.address}`;
  const store = await startStore();
  let worker: BenchWorker | undefined;
  let stopConsole = () => undefined as void;
  try {
    const context = await store.open('scale', { COURIER_BROKERS: brokers });
    await createTopics(context);
    worker = await startWorker(store.url('scale'), brokers);
    const filled = performance.now();
    await produce(context, count);
    await commitPositions(kafka.address, count);
    await report(context, worker.intakeUrl, count);
    await untilRead(context, count);
    console.log(`filled in ${round((performance.now() - filled) / 1_000, 0)} s`);
    await context.store.query('VACUUM ANALYZE');
    const console_ = await startConsole(context, store.url('scale'), brokers);
    stopConsole = () => console_.stop();
    const headers = { cookie: console_.cookie };
    const rows: Row[] = [];
    for (const { what, path, goalMs } of await routesOf(context)) {
      const make = () => ({ path, headers });
      await load(console_.url, 5, 1, make);
      const { times } = await load(console_.url, REQUESTS, 1, make);
      rows.push({
        what: `${what}, ${count / 1_000_000} M messages, p95`,
        courier: `${round(quantile(times, 0.95), 1)} ms (p50 ${round(quantile(times, 0.5), 1)})`,
        against: '-',
        ratio: '-',
        goal: `<= ${goalMs} ms`,
      });
    }
    // What a page costs is what the database does more while it is open.
    worker.stop();
    const postgres = await postmasterOf(context);
    await untilAlone(context);
    for (const page of OPEN_PAGES) {
      const share = await shareOfCore(() => keepOpen(console_.url, headers, page.asks), postgres);
      rows.push({
        what: `${page.name}, left open, share of a core of PostgreSQL`,
        courier: `${round(share * 100, 1)} %`,
        against: '-',
        ratio: '-',
        goal: '<= 2 %',
      });
    }
    return rows;
  } finally {
    stopConsole();
    worker?.stop();
    await store.stop();
    await kafka.stop();
  }
}

async function createTopics({ broker }: Context): Promise<void> {
  const topics = Array.from({ length: TOPICS }, (_, topic) => ({
    name: nameOf(topic),
    partitions: (topic % 3) + 1,
  }));
  for (let at = 0; at < TOPICS; at += 50) await broker.createTopics(topics.slice(at, at + 50));
}

/** Where a record is: of its topic, partitions take turns. */
function placeOf(number: number) {
  const topic = topicOf(number);
  const round = Math.floor(number / TOPICS);
  const partitions = (topic % 3) + 1;
  return {
    topic: nameOf(topic),
    partition: round % partitions,
    offset: Math.floor(round / partitions),
  };
}

/** Records of the last day; a fifth of them of the last hour. */
function timeOf(number: number, count: number, now: number): number {
  const part = number / count;
  return Math.floor(
    part < 0.8
      ? now - DAY_MS + (part / 0.8) * (DAY_MS - 3_600_000)
      : now - 3_600_000 * (1 - (part - 0.8) / 0.2),
  );
}

/** Topic by topic: a Kafka with one small disk takes few partitions at a time. */
async function produce({ broker }: Context, count: number): Promise<void> {
  const now = Date.now();
  const ofTopics = groupBy(
    Array.from({ length: count }, (_, number) => number),
    topicOf,
  );
  const batches = [...ofTopics.values()].flatMap((numbers) =>
    Array.from({ length: Math.ceil(numbers.length / IN_A_BATCH) }, (_, at) =>
      numbers.slice(at * IN_A_BATCH, (at + 1) * IN_A_BATCH),
    ),
  );
  for (const numbers of batches) {
    const answers = await broker.publish(
      numbers.map((number) => {
        const { topic, partition } = placeOf(number);
        return {
          topic,
          partition,
          timestamp: timeOf(number, count, now),
          key: Buffer.from(`order-${100_000 + ((number * 7_919) % 900_000)}`),
          value: Buffer.from(JSON.stringify({ number, filler: 'x'.repeat(160) })),
          headers: [
            ['courier-type', Buffer.from(`Type-${number % TYPES}`)],
            ['courier-service', Buffer.from(`service-${number % SERVICES}`)],
            [
              'traceparent',
              Buffer.from(
                `00-${(Math.floor(number / 3) + 1).toString(16).padStart(32, '0')}-00f067aa0ba902b7-01`,
              ),
            ],
          ] as [string, Buffer][],
        };
      }),
    );
    const refused = answers.find((answer) => answer.outcome !== 'acknowledged');
    if (refused) throw new Error(`a record was not taken: ${JSON.stringify(refused)}`);
  }
}

/** Groups without members, some of them behind. */
async function commitPositions(address: string, count: number): Promise<void> {
  for (let group = 0; group < GROUPS; group += 1)
    for (let at = 0; at < 6; at += 1) {
      const topic = topicOf((group * 6 + at) % TOPICS);
      const partitions = (topic % 3) + 1;
      const offset = Math.max(0, Math.floor(count / TOPICS / partitions) - (group % 5 === 0 ? 200 : 0));
      for (let partition = 0; partition < partitions; partition += 1)
        await commitPosition(address, `group-${group}`, { topic: nameOf(topic), partition, offset });
    }
}

/** Outcomes of one message in fifteen by three groups each; one in fifty fails, with one of a few errors. */
async function report(context: Context, intakeUrl: string, count: number): Promise<void> {
  const token = await createServiceToken(context, 'bench');
  await context.store.query("UPDATE token SET shared = true WHERE name = 'bench'");
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const facts: object[] = [];
  const now = Date.now();
  for (let number = 0; number < count; number += 1) {
    const isFailing = number % 50 === 1;
    if (number % 15 !== 0 && !isFailing) continue;
    const { topic, partition, offset } = placeOf(number);
    for (const at of isFailing ? [0] : [0, 1, 2]) {
      const fact: Partial<Fact> = makeFact(isFailing ? 'handle_failed' : 'handled', '', 0, {
        at: new Date(timeOf(number, count, now) + 500).toISOString(),
        group: `group-${(topicOf(number) % 20) * 3 + at}`,
        attempt: 1,
        durationMs: 12,
        position: { topic, partition, offset: String(offset) },
        host: `host-${number % 5}`,
        ...(isFailing
          ? { error: { type: `Error${number % 7}`, message: 'no answer in 3 s' }, gaveUp: { to: null } }
          : {}),
      });
      // Named by its place.
      delete fact.messageId;
      facts.push(fact);
    }
  }
  const batches = Math.ceil(facts.length / FACTS_A_BATCH);
  await load(intakeUrl, batches, 4, (batch) => ({
    method: 'POST' as const,
    path: '/v1/facts',
    headers,
    body: JSON.stringify({
      v: 1,
      service: 'bench',
      host: 'bench',
      facts: facts.slice(batch * FACTS_A_BATCH, (batch + 1) * FACTS_A_BATCH),
    }),
  }));
}

/** Until the index has read all records, and no fact waits for its message. */
async function untilRead({ store }: Context, count: number): Promise<void> {
  for (;;) {
    const { rows } = await store.query<{ messages: string; waiting: string }>(
      `SELECT (SELECT sum(count) FROM status_count WHERE group_id = 0 AND shape_id = 0) AS messages,
         (SELECT count(*) FROM fact_waiting) AS waiting`,
    );
    if (Number(rows[0]?.messages ?? 0) >= count && Number(rows[0]?.waiting) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

async function routesOf({ store }: Context): Promise<{ what: string; path: string; goalMs: number }[]> {
  const { rows } = await store.query<{ id: string; error: string | null; type: string; group: string }>(
    `SELECT d.message_id AS id, d.error_type AS error, m.type, g.name AS group
     FROM delivery d JOIN message_read m ON m.id = d.message_id JOIN consumer_group g ON g.id = d.group_id
     WHERE d.error_type IS NOT NULL LIMIT 1`,
  );
  const { id = '', error = '', type = '', group = '' } = rows[0] ?? {};
  const now = Date.now();
  const topic = nameOf(31);
  const since = (hours: number) =>
    `from=${new Date(now - hours * 3_600_000).toISOString()}&to=${new Date(now).toISOString()}`;
  const at = (what: string, path: string, goalMs = 150) => ({ what, path, goalMs });
  return [
    at('overview', '/api/overview', 200),
    at('groups', '/api/groups', 200),
    at('a group', `/api/groups/${group}`),
    at('lag of a group, 1 h', `/api/groups/${group}/lag?minutes=60`),
    at('messages', '/api/messages'),
    at('messages of a topic', `/api/messages?topic=${topic}`),
    at('messages that fail', '/api/messages?status=HANDLE_FAIL'),
    at('messages of a topic that fail', `/api/messages?topic=${topic}&status=HANDLE_FAIL`),
    at('messages with an error', `/api/messages?error=${error ?? ''}`),
    at('messages of a group', `/api/messages?group=${group}`),
    at('messages of a type and a service', `/api/messages?type=${type}&service=service-1`),
    at('messages that are handled', '/api/messages?status=HANDLED'),
    at('messages of a key', '/api/messages?key=order-107919'),
    at('messages not sent', '/api/messages?status=SEND_FAIL'),
    at('histogram, 1 h', `/api/messages/histogram?${since(1)}`, 100),
    at('histogram, 24 h', `/api/messages/histogram?${since(24)}`, 100),
    at('histogram of a topic, 24 h', `/api/messages/histogram?topic=${topic}&${since(24)}`, 100),
    at('histogram of an error, 24 h', `/api/messages/histogram?error=${error ?? ''}&${since(24)}`, 100),
    at('histogram of a key, 24 h', `/api/messages/histogram?key=order-107919&${since(24)}`, 100),
    at('a message', `/api/messages/${id}`),
    at('search of a key', '/api/search?q=order-107919'),
    at('search of the beginning of a key', '/api/search?q=order-1079'),
    at('search of words', '/api/search?q=order-107919%20Type-1'),
    at('failures', '/api/failures'),
    at('a failure', `/api/failures/${group}/${type}/${error ?? ''}`),
    at('dead-letter topics', '/api/dead-letter-topics'),
    at('topics', '/api/topics'),
    at('a topic', `/api/topics/${topic}`),
    at('browse of a topic', `/api/topics/${topic}/browse?from=newest`),
    at('retries', '/api/retries'),
    at('settings', '/api/settings'),
  ];
}

/** What a page asks while it is open, and every how many seconds. */
const OPEN_PAGES = [
  {
    name: 'messages',
    asks: [
      { path: '/api/messages', seconds: 5 },
      { path: 'histogram', seconds: 10 },
    ],
  },
  { name: 'overview', asks: [{ path: '/api/overview', seconds: 5 }] },
  { name: 'failures', asks: [{ path: '/api/failures', seconds: 5 }] },
  { name: 'dead-letter topics', asks: [{ path: '/api/dead-letter-topics', seconds: 10 }] },
  { name: 'groups', asks: [{ path: '/api/groups', seconds: 5 }] },
];
/** The share of a core that PostgreSQL used while something went on, without what it uses by itself. */
async function shareOfCore(work: () => Promise<void>, postgres: number): Promise<number> {
  const used = async (during: () => Promise<unknown>) => {
    const [before, began] = [cpuSecondsOf(postgres), performance.now()];
    await during();
    return (cpuSecondsOf(postgres) - before) / ((performance.now() - began) / 1_000);
  };
  const idle = Math.max(0, await used(() => new Promise((resolve) => setTimeout(resolve, 15_000))));
  return Math.max(0, (await used(work)) - idle);
}

/** Waits until the database has nothing else to do: queries of ended processes, and autovacuum. */
async function untilAlone({ store }: Context): Promise<void> {
  for (let quiet = 0; quiet < 10;) {
    const { rows } = await store.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE pid <> pg_backend_pid() AND (state = 'active' OR backend_type = 'autovacuum worker')`,
    );
    quiet = rows[0]?.count === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}
