import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Context } from '../lib/context/context';
import type { SearchAnswer } from '../lib/contract/search';
import { startKafka } from '../lib/testing/kafka';
import { quantile, round, type Row } from './bench';
import { load, startConsole } from './console';
import { startStore } from './store';
import { startWorker, type BenchWorker } from './worker';

const TOPIC = 'bench.orders';
const LIVE_TOPIC = 'bench.live';
const PARTITIONS = 4;
const IN_A_BATCH = 2_000;
const KEYS = 20;
const SCANS = 3;
/** Twice as many characters: with key and JSON a record is about one kilobyte. */
const FILLER_BYTES = 450;

/** One business key among a million messages: through the console's API, and by kcat scanning the topic. */
export async function bench(): Promise<Row[]> {
  const count = Number(process.argv.find((arg) => arg.startsWith('--messages='))?.slice(11) ?? 1_000_000);
  needKcat();
  const kafka = await startKafka();
  const brokers = `kafka://${kafka.address}`;
  const store = await startStore();
  let worker: BenchWorker | undefined;
  let stopConsole = () => undefined as void;
  try {
    const context = await store.open('find', { COURIER_BROKERS: brokers });
    await produce(context, count);
    worker = await startWorker(store.url('find'), brokers);
    const late = watchLive(context);
    const seconds = await untilIndexed(context, count);
    const lateMs = await late.stop();
    const peakBytes = peakMemoryOf(worker.pid);
    // What was written just now is tidied up sooner or later; while it is, half of this machine is not there.
    await context.store.query('VACUUM ANALYZE');
    const console_ = await startConsole(context, store.url('find'), brokers);
    stopConsole = () => console_.stop();
    const ask = async (key: string) => {
      const answer = await fetch(`${console_.url}/api/search?q=${key}`, {
        headers: { cookie: console_.cookie },
      });
      return (await answer.json()) as SearchAnswer;
    };
    const keys = Array.from({ length: KEYS }, (_, at) => `order-${Math.floor((count / KEYS) * at) + 7}`);
    const search = (number: number) => ({
      path: `/api/search?q=${keys[number % KEYS]}`,
      headers: { cookie: console_.cookie },
    });
    // Once before it counts: a console that has just been started has compiled nothing.
    await load(console_.url, KEYS * 20, 1, search);
    const ours = quantile((await load(console_.url, KEYS * 20, 1, search)).times, 0.5);

    const scans: number[] = [];
    for (let scan = 0; scan < SCANS; scan += 1) {
      const key = keys[scan * 7] ?? '';
      const began = performance.now();
      const places = await scanWithKcat(kafka.address, key);
      scans.push(performance.now() - began);
      const [hit] = (await ask(key)).hits;
      const found = hit ? await positionsOf(console_, hit.id) : [];
      if (places.length !== 1 || found[0] !== `${TOPIC}/${places[0]}`)
        throw new Error(`kcat found ${key} at ${places.join(' ')}, the console at ${found.join(' ')}`);
    }
    const theirs = quantile(
      scans.sort((a, b) => a - b),
      0.5,
    );
    return [
      {
        what: `one business key among ${count / 1_000_000} M messages of 1 kB, the same place found`,
        courier: `${round(ours, 1)} ms (GET /api/search, p50)`,
        against: `${round(theirs / 1000, 2)} s (kcat scanning the topic)`,
        ratio: `${round(theirs / ours, 0)}x faster`,
        goal: '>= 1,000x',
      },
      {
        what: `records of 1 kB read into the index, ${count / 1_000_000} M`,
        courier: `${round(count / seconds, 0)} records/s`,
        against: `${round((count / theirs) * 1000, 0)} records/s (kcat scanning the topic)`,
        ratio: `${round(count / seconds / ((count / theirs) * 1000), 3)}`,
        goal: '>= 12,000/s',
      },
      {
        what: 'a record of a quiet topic, written and stored while that backlog is read',
        courier: `${round(quantile(lateMs, 0.5), 0)} ms (p50), ${round(lateMs.at(-1) ?? 0, 0)} ms (worst of ${lateMs.length})`,
        against: '-',
        ratio: '-',
        goal: '<= 2,000 ms',
      },
      {
        what: 'memory of the worker at its peak',
        courier: peakBytes === null ? 'unknown on this system' : `${round(peakBytes / 1_000_000, 0)} MB`,
        against: '2,000 MB (release 0.1)',
        ratio: peakBytes === null ? '-' : `${round(2_000_000_000 / peakBytes, 1)}x less`,
        goal: '< 600 MB',
      },
    ];
  } finally {
    stopConsole();
    worker?.stop();
    await store.stop();
    await kafka.stop();
  }
}

function needKcat(): void {
  try {
    execFileSync('kcat', ['-V'], { stdio: 'ignore' });
  } catch {
    throw new Error('kcat is missing: apt-get install kcat, or brew install kcat.');
  }
}

/** Records as a service without the SDK writes them: a key, a JSON payload, no header of Courier's. */
async function produce(context: Context, count: number): Promise<void> {
  const { broker } = context;
  await broker.createTopics([{ name: TOPIC, partitions: PARTITIONS }]);
  const filler = randomBytes(FILLER_BYTES).toString('hex');
  for (let from = 0; from < count; from += IN_A_BATCH) {
    const records = Array.from({ length: Math.min(IN_A_BATCH, count - from) }, (_, at) => {
      const key = `order-${from + at + 1}`;
      return {
        topic: TOPIC,
        partition: (from + at) % PARTITIONS,
        key: Buffer.from(key),
        value: Buffer.from(JSON.stringify({ orderId: key, filler })),
        headers: [],
      };
    });
    const answers = await broker.publish(records);
    if (answers.some((answer) => answer.outcome !== 'acknowledged'))
      throw new Error('a record was not taken');
  }
}

/** Writes a record to a topic of its own from time to time, and sees how long each takes until it is stored. */
function watchLive(context: Context): { stop(): Promise<number[]> } {
  const times: number[] = [];
  let isOver = false;
  const watch = async () => {
    await context.broker.createTopics([{ name: LIVE_TOPIC, partitions: 1 }]);
    for (let number = 0; !isOver; number += 1) {
      const key = `live-${number}`;
      const began = performance.now();
      await context.broker.publish([
        { topic: LIVE_TOPIC, partition: 0, key: Buffer.from(key), value: Buffer.from('{}'), headers: [] },
      ]);
      while (!isOver) {
        const { rows } = await context.store.query('SELECT 1 FROM message WHERE left(key, 100) = $1', [key]);
        if (rows.length > 0) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      // The first waits until the worker has started and reads the topic.
      if (number > 0 && !isOver) times.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  const watching = watch();
  return {
    async stop() {
      isOver = true;
      await watching;
      return times.sort((a, b) => a - b);
    },
  };
}

/** The largest resident memory that a process had, in bytes; null where the system has no such figure. */
function peakMemoryOf(pid: number): number | null {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) * 1_024 : null;
  } catch {
    return null;
  }
}

async function untilIndexed(context: Context, count: number): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { rows } = await context.store.query<{ read: string }>(
      "SELECT coalesce(sum(next_offset), 0) AS read FROM source_cursor c JOIN topic t ON t.id = c.topic_id WHERE c.source = 'topic index' AND t.name = $1",
      [TOPIC],
    );
    if (Number(rows[0]?.read) >= count) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await context.store.query('VACUUM ANALYZE');
  return (performance.now() - began) / 1000;
}

/** Reads the whole topic and keeps what has the key. @returns places as `partition/offset` */
async function scanWithKcat(address: string, key: string): Promise<string[]> {
  const kcat = spawn(
    'kcat',
    ['-C', '-b', address, '-t', TOPIC, '-o', 'beginning', '-e', '-q', '-f', '%k %p/%o\\n'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  // grep is quicker than this process would be: what is measured is kcat.
  const grep = spawn('grep', ['-F', `${key} `], { stdio: ['pipe', 'pipe', 'inherit'] });
  kcat.stdout.pipe(grep.stdin);
  const places: string[] = [];
  for await (const line of createInterface({ input: grep.stdout })) {
    const [found, place] = line.split(' ');
    if (found === key && place) places.push(place);
  }
  return places;
}

async function positionsOf(console_: { url: string; cookie: string }, id: string): Promise<string[]> {
  const answer = await fetch(`${console_.url}/api/messages/${id}`, { headers: { cookie: console_.cookie } });
  const { positions } = (await answer.json()) as { positions: { text: string }[] };
  return positions.map((position) => position.text);
}
