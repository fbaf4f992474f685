import { spawn, type ChildProcess } from 'node:child_process';
import { createServiceToken } from '../lib/operations/tokens/find';
import { makeFact, newId } from '../lib/testing/facts';
import { quantile, round, type Row } from './bench';
import { load, startConsole, type Request } from './console';
import { fill } from './fill';
import { startStore } from './store';
import { startWorker, type BenchWorker } from './worker';

const MESSAGES = 100_000;
const REQUESTS = 1_500;
const CONNECTIONS = 4;
const BATCHES = 150;
const FACTS_A_BATCH = 60;
const ROUNDS = 3;

/** The busiest routes and the intake, against node:http and pg doing the same queries and nothing else. */
export async function bench(): Promise<Row[]> {
  const store = await startStore();
  const ours: ChildProcess[] = [];
  let worker: BenchWorker | undefined;
  const context = await store.open('api');
  await fill(context, 0, MESSAGES);
  const console_ = await startConsole(context, store.url('api'));
  try {
    const raw = await startRaw(store.url('api'), ours);
    const token = await createServiceToken(context, 'bench');
    worker = await startWorker(store.url('api'));
    const { rows } = await context.store.query<{ id: string }>(
      'SELECT id FROM bench_id ORDER BY md5(n::text) LIMIT 3000',
    );
    const idOf = (number: number) => rows[number % rows.length]?.id ?? '';
    const routes: [what: string, make: (number: number) => string][] = [
      ['GET /api/messages/:id', (number) => `/api/messages/${idOf(number)}`],
      ['GET /api/messages', () => '/api/messages?limit=50'],
      ['GET /api/search', (number) => `/api/search?q=order-${((number * 7919) % MESSAGES) + 1}`],
    ];
    const result: Row[] = [];
    for (const [what, path] of routes) {
      const make = (number: number): Request => ({
        path: path(number),
        headers: { cookie: console_.cookie },
      });
      const times = await inTurns(console_.url, raw, REQUESTS, make);
      const [p99, floor] = [quantile(times.ours, 0.99), quantile(times.raw, 0.99)];
      const halves = `p50 ${round(quantile(times.ours, 0.5), 1)} and ${round(quantile(times.raw, 0.5), 1)} ms`;
      result.push({
        what: `${what}, ${CONNECTIONS} connections, p99 (${halves})`,
        courier: `${round(p99, 1)} ms`,
        against: `${round(floor, 1)} ms (node:http + pg)`,
        ratio: `${round(p99 / floor)}x`,
        goal: '<= 3x',
      });
    }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const batch = (): Request => ({ method: 'POST', path: '/v1/facts', headers, body: batchOf() });
    const speed = { ours: 0, raw: 0 };
    for (let turn = 0; turn < ROUNDS; turn += 1) {
      speed.raw += BATCHES / (await load(raw, BATCHES, CONNECTIONS, batch)).seconds;
      speed.ours += BATCHES / (await load(worker.intakeUrl, BATCHES, CONNECTIONS, batch)).seconds;
    }
    const facts = (of: number) => `${round((of / ROUNDS) * FACTS_A_BATCH, 0)} facts/s`;
    result.push({
      what: `POST /v1/facts, batches of ${FACTS_A_BATCH}, ${CONNECTIONS} connections`,
      courier: facts(speed.ours),
      against: `${facts(speed.raw)} (node:http + the same merge)`,
      ratio: round(speed.ours / speed.raw),
      goal: '>= 0.5',
    });
    return result;
  } finally {
    console_.stop();
    worker?.stop();
    for (const child of ours) child.kill('SIGKILL');
    await store.stop();
  }
}

/** Both sides in turns, so that neither has the warmer half. @returns milliseconds of each request, sorted */
async function inTurns(ours: string, raw: string, count: number, make: (number: number) => Request) {
  const times: { ours: number[]; raw: number[] } = { ours: [], raw: [] };
  await load(ours, 300, CONNECTIONS, make);
  await load(raw, 300, CONNECTIONS, make);
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    times.raw.push(...(await load(raw, count / ROUNDS, CONNECTIONS, make)).times);
    times.ours.push(...(await load(ours, count / ROUNDS, CONNECTIONS, make)).times);
  }
  return { ours: times.ours.sort((a, b) => a - b), raw: times.raw.sort((a, b) => a - b) };
}

function batchOf(): string {
  const facts = Array.from({ length: FACTS_A_BATCH / 3 }, () => {
    const id = newId();
    const at = { at: new Date().toISOString() };
    return [
      makeFact('committed', id, 0, { ...at, message: { topic: 'orders', type: 'OrderPaid', key: id } }),
      makeFact('started', id, 0, { ...at, group: 'payment', attempt: 1 }),
      makeFact('handled', id, 0, { ...at, group: 'payment', attempt: 1, durationMs: 12 }),
    ];
  }).flat();
  return JSON.stringify({ v: 1, service: 'bench', host: 'bench', facts });
}

async function startRaw(databaseUrl: string, ours: ChildProcess[]): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/raw-server.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', COURIER_DATABASE_URL: databaseUrl },
  });
  ours.push(child);
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString().trim())),
  );
  return `http://127.0.0.1:${port}`;
}
