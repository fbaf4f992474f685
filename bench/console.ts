import { Agent, request } from 'node:http';
import { SYSTEM, type Context } from '../lib/context/context';
import { createOperator } from '../lib/operations/operators/create';
import { startWeb } from '../lib/testing/web';

const PASS_PHRASE = 'bench-otter-quartz-fern-willow-41';

export interface BenchConsole {
  url: string;
  pid: number;
  cookie: string;
  stop(): void;
}

/** Starts the built console over a store and signs an operator in. Requires `npm run build`. */
export async function startConsole(
  context: Context,
  databaseUrl: string,
  brokers = 'embedded:',
): Promise<BenchConsole> {
  await createOperator.call(context, SYSTEM, { name: 'bench', password: PASS_PHRASE });
  const { url, child } = await startWeb({ COURIER_DATABASE_URL: databaseUrl, COURIER_BROKERS: brokers });
  const session = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', password: PASS_PHRASE }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { url, pid: child.pid ?? 0, cookie, stop: () => void child.kill('SIGKILL') };
}

/** Waits up to a minute until an address answers. */
export async function untilAnswers(url: string): Promise<void> {
  for (let waited = 0; waited < 600; waited += 1) {
    if (await fetch(url).catch(() => null)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer; was the console built?`);
}

export interface Request {
  method?: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/**
 * Sends requests over a few connections that stay open, each of which waits for its answer before the next.
 * @returns milliseconds of each request, sorted, and how long all took
 */
export async function load(
  url: string,
  count: number,
  connections: number,
  make: (number: number) => Request,
): Promise<{ times: number[]; seconds: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < count) {
        const sent = performance.now();
        await ask(url, agent, make(next++));
        times.push(performance.now() - sent);
      }
    }),
  );
  agent.destroy();
  return { times: times.sort((a, b) => a - b), seconds: (performance.now() - began) / 1000 };
}

function ask(url: string, agent: Agent, { method = 'GET', path: at, headers = {}, body }: Request) {
  return new Promise<void>((resolve, reject) => {
    const asked = request(`${url}${at}`, { method, agent, headers }, (answer) => {
      let text = '';
      answer.on('data', (bytes: Buffer) => (text += bytes.toString()));
      answer.on('end', () =>
        answer.statusCode === 200
          ? resolve()
          : reject(new Error(`${at} answered ${answer.statusCode}: ${text.slice(0, 300)}`)),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
