import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askHolder } from '@/lib/cli/instance-lock';
import { ask, signIn, startRealCourier, type RealCourier } from './courier';

const FROZEN_SECONDS = 5;
/** Each process in each way takes minutes: that is for `npm run test:faults`. */
const isLong = process.env.FAULTS === 'long';
const KILLED = (['postmaster', 'guardian', 'worker', 'web'] as const).filter(
  (name) => isLong || name === 'postmaster' || name === 'web',
);
const END_OTHERS =
  'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
const SOON = { timeout: 60_000, interval: 250 };

describe('the processes of Courier under attack', () => {
  let courier: RealCourier;
  let password = '';
  let cookie = '';
  beforeAll(async () => {
    courier = await startRealCourier({ COURIER_FROZEN_SECONDS: String(FROZEN_SECONDS) });
    password = await courier.setUp('admin');
    ({ cookie } = await signIn(courier, 'admin', password));
  });
  afterAll(() => courier.stop());

  const works = async (): Promise<string> => {
    const answers = await Promise.all([
      ask(`${courier.console}/api/overview`, { cookie }),
      ask(`${courier.worker}/readyz`),
      ask(`${courier.intake}/v1/facts`, { body: {} }),
    ]).catch(() => []);
    return answers.map(({ status }) => status).join(' ');
  };
  const WORKS = '200 200 401';
  const openStore = async () => {
    const holder = await askHolder(courier.folder);
    const client = new Client({ connectionString: holder && holder !== 'silent' ? (holder.url ?? '') : '' });
    await client.connect();
    return client;
  };
  const pid = async (name: 'web' | 'worker' | 'guardian' | 'postmaster') =>
    (await courier.processes())[name] ?? 0;

  it.each(KILLED)('starts the %s again after kill -9 (F3)', async (name) => {
    await expect.poll(works, SOON).toBe(WORKS);
    const before = await pid(name);
    expect(before).toBeGreaterThan(0);
    process.kill(before, 'SIGKILL');
    await expect.poll(works, SOON).toBe(WORKS);
    await expect.poll(() => pid(name), SOON).not.toBe(before);
    const said =
      name === 'postmaster' || name === 'guardian' ? 'PostgreSQL runs again' : `${name} ended (SIGKILL)`;
    expect(courier.said()).toContain(said);
  });

  it.each(isLong ? (['worker', 'web'] as const) : [])(
    'ends and starts a frozen %s again (F3)',
    async (name) => {
      await expect.poll(works, SOON).toBe(WORKS);
      const before = await pid(name);
      process.kill(before, 'SIGSTOP');
      await expect
        .poll(() => courier.said(), SOON)
        .toMatch(new RegExp(`${name} has been frozen for \\d+ s and is ended`));
      await expect.poll(works, SOON).toBe(WORKS);
      expect(await pid(name)).not.toBe(before);
    },
  );

  it('goes on after its guardian or a backend of PostgreSQL was stopped for a while', async () => {
    await expect.poll(works, SOON).toBe(WORKS);
    const guardian = await pid('guardian');
    process.kill(guardian, 'SIGSTOP');
    expect(await works()).toBe(WORKS);
    process.kill(guardian, 'SIGCONT');
    const backends = execFileSync('ps', ['-o', 'pid=', '--ppid', String(await pid('postmaster'))])
      .toString()
      .split('\n')
      .map(Number)
      .filter(Boolean);
    process.kill(backends.at(-1) ?? 0, 'SIGKILL');
    await expect.poll(works, SOON).toBe(WORKS);
  });

  it('exposes no value of a connection that broke, added to the one after it (F24)', async () => {
    await expect.poll(works, SOON).toBe(WORKS);
    const token = await courier.token('any-service');
    const post = (route: string, body: unknown) => ask(courier.intake + route, { token, body });
    const group = 'lasting.lag';
    const topic = 'lasting.lag.orders';
    await post('/v1/broker/topics', { topics: [{ name: topic, partitions: 1 }] });
    const record = { topic, key: null, value: null, headers: [] };
    await post('/v1/broker/publish', { records: Array.from({ length: 50 }, () => record) });
    const joined = await post('/v1/broker/join', {
      group,
      member: 'm',
      clientId: 'c',
      host: 'h',
      topics: [topic],
      fromBeginning: true,
    });
    const committed = await post('/v1/broker/commit', {
      group,
      member: 'm',
      generation: joined.body.generation,
      offsets: [{ topic, partition: 0, offset: '0', metadata: null }],
    });
    expect(committed.status, committed.text).toBe(200);
    const lag = async () => {
      const { text } = await ask(`${courier.worker}/metrics`);
      return [...text.matchAll(/courier_consumer_group_lag\{[^}]*group="lasting\.lag"[^}]*\} (\d+)/g)].map(
        ([, value]) => Number(value),
      );
    };
    await expect.poll(lag, { timeout: 20_000 }).toEqual([50]);
    for (let round = 0; round < 3; round += 1) {
      const client = await openStore();
      await client.query(END_OTHERS);
      await client.end();
      const seen = new Set<number>();
      for (let look = 0; look < 20; look += 1) {
        for (const value of await lag()) seen.add(value);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect([...seen].filter((value) => value !== 50)).toEqual([]);
    }
  });

  it('says that the store is away, and of a full, busy or read-only one what it is (F11, F28)', async () => {
    await expect.poll(works, SOON).toBe(WORKS);
    const client = await openStore();
    try {
      await client.query('ALTER DATABASE courier SET default_transaction_read_only = on');
      await client.query(END_OTHERS);
      const signedIn = () => ask(`${courier.console}/api/session`, { body: { name: 'admin', password } });
      await expect.poll(async () => (await signedIn()).body.error?.code, SOON).toBe('store_read_only');
      const answer = await signedIn();
      expect(answer.status).toBe(503);
      expect(answer.body.error?.message).toContain('read-only');
    } finally {
      await client.query('SET default_transaction_read_only = off');
      await client.query('ALTER DATABASE courier RESET default_transaction_read_only');
      await client.query(END_OTHERS);
      await client.end();
    }
    await expect.poll(works, SOON).toBe(WORKS);
    const page = await ask(`${courier.console}/messages`, { cookie });
    expect(page.status).toBe(200);
  });

  it('is started once from one folder, and says which process runs (F4)', async () => {
    const second = spawn(process.execPath, ['bin/courier.mjs', 'start'], {
      env: {
        ...process.env,
        COURIER_DATA_DIR: courier.folder,
        COURIER_PORT: '0',
        COURIER_INTAKE_PORT: '0',
        COURIER_WORKER_PORT: '0',
      },
    });
    let said = '';
    second.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(1);
    expect(said).toMatch(new RegExp(`already: courier start, process ${courier.supervisor}, since `));
    expect(await works()).toBe(WORKS);
  });

  it('starts again after kill -9 of all of it, whatever a file says, and commands work without it (F4)', async () => {
    const { supervisor } = courier;
    const { web, worker, guardian } = await courier.processes();
    for (const item of [supervisor, web, worker, guardian]) if (item) process.kill(item, 'SIGKILL');
    fs.writeFileSync(
      path.join(courier.folder, 'running.json'),
      JSON.stringify({ pid: process.pid, url: 'postgres://nobody@127.0.0.1:9/x' }),
    );
    const given = await courier.setUp('admin');
    expect(given).toMatch(/^\w+(-\w+)+$/);
    await courier.again();
    ({ cookie } = await signIn(courier, 'admin', given));
    await expect.poll(works, SOON).toBe(WORKS);
  });
});

const canUnshare = process.platform === 'linux' && process.getuid?.() === 0 && isThere('unshare');

if (isLong && canUnshare) {
  describe('Courier as process 1 of a container', () => {
    it('starts again after kill -9 (F4)', async () => {
      const folder = fs.mkdtempSync(path.join('/tmp', 'courier-one-'));
      fs.chmodSync(folder, 0o755);
      const env = {
        ...process.env,
        COURIER_DATA_DIR: path.join(folder, 'data'),
        COURIER_PORT: '0',
        COURIER_INTAKE_PORT: '0',
        COURIER_WORKER_PORT: '0',
      };
      try {
        for (let round = 0; round < 2; round += 1) {
          const child = spawn(
            'unshare',
            ['-p', '-f', '--mount-proc', '--kill-child', process.execPath, 'bin/courier.mjs', 'worker'],
            { env, stdio: ['ignore', 'pipe', 'pipe'] },
          );
          let said = '';
          for (const stream of [child.stdout, child.stderr])
            stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
          await expect.poll(() => said, SOON).toContain('the workers run');
          expect(fs.existsSync(path.join(folder, 'data', 'courier.sock'))).toBe(true);
          const ended = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGKILL');
          await ended;
        }
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}

function isThere(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
