import { execFile, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@/lib/embedded-postgres/ports';

const run = promisify(execFile);

/** A Courier as its users run it: `courier start` with its supervisor, console, worker and embedded PostgreSQL. */
export interface RealCourier {
  console: string;
  intake: string;
  worker: string;
  folder: string;
  supervisor: number;
  /** What it wrote to its terminal. */
  said(): string;
  /** Runs a command of `courier` beside it. @returns what the command printed */
  command(...args: string[]): Promise<string>;
  /** The pass phrase that `courier setup` prints. */
  setUp(name: string): Promise<string>;
  /** The token that `courier token` prints. */
  token(service: string, ...rights: string[]): Promise<string>;
  /** Processes by what they are: their number, or undefined. */
  processes(): Promise<Partial<Record<'web' | 'worker' | 'guardian' | 'postmaster', number>>>;
  /** Starts it again in the same folder, after it was killed. */
  again(): Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 90_000;

/** Starts a Courier in a folder of its own. @param settings by the names of their variables */
export async function startRealCourier(settings: Record<string, string> = {}): Promise<RealCourier> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-attack-'));
  fs.chmodSync(folder, 0o755);
  const [consolePort, intakePort, workerPort] = [await freePort(), await freePort(), await freePort()];
  const env = {
    ...process.env,
    COURIER_DATA_DIR: path.join(folder, 'data'),
    COURIER_PORT: String(consolePort),
    COURIER_INTAKE_PORT: String(intakePort),
    COURIER_WORKER_PORT: String(workerPort),
    COURIER_LOG_LEVEL: 'error',
    COURIER_SAMPLE_SECONDS: '1',
    // Standard input ends when the test process is gone.
    COURIER_STOP_WITH_STDIN: '1',
    ...settings,
  };
  let output = '';
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    const before = output.length;
    child = spawn(process.execPath, ['bin/courier.mjs', 'start'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const deadline = performance.now() + READY_MS;
    while (!output.slice(before).includes('Courier runs.')) {
      if (child.exitCode !== null) throw new Error(`courier start ended:\n${output}`);
      if (performance.now() > deadline) throw new Error(`courier start is not ready:\n${output}`);
      await pause(100);
    }
  };
  const command = async (...args: string[]) =>
    (await run(process.execPath, ['bin/courier.mjs', ...args], { env })).stdout;
  await start();
  return {
    console: `http://127.0.0.1:${consolePort}`,
    intake: `http://127.0.0.1:${intakePort}`,
    worker: `http://127.0.0.1:${workerPort}`,
    folder: env.COURIER_DATA_DIR,
    get supervisor() {
      return child.pid ?? 0;
    },
    said: () => output,
    command,
    setUp: async (name) => / {3}(\S+) {3}\(shown once\)/.exec(await command('setup', name))?.[1] ?? '',
    token: async (service, ...rights) =>
      /COURIER_TOKEN=(\S+)/.exec(await command('token', service, ...rights))?.[1] ?? '',
    processes: () => processesOf(child.pid ?? 0, env.COURIER_DATA_DIR),
    again: start,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function processesOf(supervisor: number, folder: string) {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,command=']);
  const all = stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) =>
      match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? '' }] : [],
    );
  const children = all.filter(({ parent }) => parent === supervisor);
  const guardian = children.find(({ command }) => command.includes('guardian.mjs'))?.pid;
  const found = {
    web: children.find(({ command }) => /web\.mjs|next-server/.test(command))?.pid,
    worker: children.find(({ command }) => command.includes('courier.mjs worker'))?.pid,
    guardian,
    postmaster: all.find(
      ({ parent, command }) =>
        parent === guardian && command.includes('postgres') && command.includes(folder),
    )?.pid,
  };
  return found;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  body: Record<string, unknown> & { error?: { code: string; message: string } };
}

/** Asks over HTTP. @param more cookie, bearer token, JSON body, further headers */
export async function ask(
  url: string,
  more: {
    method?: string;
    cookie?: string;
    token?: string;
    body?: unknown;
    headers?: Record<string, string>;
    signal?: AbortSignal;
  } = {},
): Promise<Answer> {
  const { cookie, token, body, headers, signal } = more;
  const response = await fetch(url, {
    method: more.method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie ? { cookie } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  const text = await response.text();
  let parsed: Answer['body'] = {};
  try {
    parsed = JSON.parse(text) as Answer['body'];
  } catch {
    // A page, or nothing.
  }
  return { status: response.status, headers: response.headers, text, body: parsed };
}

/** Signs in. @returns the cookies that the browser would keep */
export async function signIn(
  courier: Pick<RealCourier, 'console'>,
  name: string,
  password: string,
  more: { cookie?: string; address?: string } = {},
): Promise<{ status: number; cookie: string; body: Answer['body']; retryAfter: number }> {
  const answer = await ask(`${courier.console}/api/session`, {
    body: { name, password },
    ...(more.cookie ? { cookie: more.cookie } : {}),
    headers: more.address ? { 'x-forwarded-for': more.address } : {},
  });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  const retryAfter = Number(answer.headers.get('retry-after') ?? 0);
  return { status: answer.status, cookie, body: answer.body, retryAfter };
}
