import { execFileSync, fork, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from './server';
import { freePort } from './ports';

const folders: string[] = [];

function makeFolder(mode: number): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-embedded-'));
  fs.chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

async function ask<T>(url: string, sql: string): Promise<T | undefined> {
  const client = new Client({ connectionString: url });
  // A connection that breaks is an event beside the failed query; unheard it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ value: T }>(sql)).rows[0]?.value;
  } finally {
    await client.end();
  }
}

describe('a free port', () => {
  it('is none that an outgoing connection could take before somebody listens on it, nor one already lent', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(50);
    for (const port of ports) expect(port).toBeLessThan(32_768);
  });
});

describe('the embedded PostgreSQL', () => {
  afterEach(() => folders.splice(0).forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })));

  it('keeps what was stored over a restart, also from a folder that others may not enter', async () => {
    const folder = path.join(makeFolder(0o700), 'data');
    const first = await startEmbeddedPostgres(folder);
    await ask(first.url, "CREATE TABLE kept AS SELECT 'yes' AS value");
    await first.stop();
    const second = await startEmbeddedPostgres(folder);
    expect(await ask(second.url, 'SELECT value FROM kept')).toBe('yes');
    await second.stop();
    const isRoot = process.getuid?.() === 0;
    expect(second.folder.startsWith(isRoot ? '/var/lib/courier/' : fs.realpathSync(folder))).toBe(true);
    if (isRoot) folders.push(second.folder);
  });

  it('is started again on the same port when it or its guardian is killed, and says so', async () => {
    const folder = makeFolder(0o755);
    const said: string[] = [];
    const postgres = await startEmbeddedPostgres(folder, (sentence) => said.push(sentence));
    try {
      await ask(postgres.url, 'CREATE TABLE kept AS SELECT 42 AS value');
      const value = () => ask<number>(postgres.url, 'SELECT value FROM kept').catch(() => null);
      const postmaster = () =>
        Number(fs.readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
      const parentOf = (pid: number) =>
        Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)]).toString());
      for (const [round, victim] of [postmaster, () => parentOf(postmaster())].entries()) {
        process.kill(victim(), 'SIGKILL');
        await expect
          .poll(() => said.filter((line) => line.startsWith('PostgreSQL runs again')).length, {
            timeout: 30_000,
          })
          .toBe(round + 1);
        expect(await value()).toBe(42);
      }
      expect(said[0]).toMatch(/^PostgreSQL ended \(code \d+\); starting it again$/);
    } finally {
      await postgres.stop();
    }
    await expect(ask(postgres.url, 'SELECT 1 AS value')).rejects.toThrow();
  });

  it('is started again when it is stopped, and when it is killed while its guardian is stopped', async () => {
    const folder = makeFolder(0o755);
    const said: string[] = [];
    const postgres = await startEmbeddedPostgres(folder, (sentence) => said.push(sentence), 3_000);
    try {
      const postmaster = () =>
        Number(fs.readFileSync(path.join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
      const guardianOf = (pid: number) =>
        Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)]).toString());
      const hurt = [
        () => process.kill(postmaster(), 'SIGSTOP'),
        () => {
          const pid = postmaster();
          process.kill(guardianOf(pid), 'SIGSTOP');
          process.kill(pid, 'SIGKILL');
        },
      ];
      for (const [round, act] of hurt.entries()) {
        act();
        await expect
          .poll(() => said.filter((line) => line.startsWith('PostgreSQL runs again')).length, {
            timeout: 40_000,
          })
          .toBe(round + 1);
        expect(await ask(postgres.url, 'SELECT 42 AS value')).toBe(42);
      }
      const silent = said.filter((line) => line.includes('has not answered for 3 s'));
      // On a busy machine a server that starts may take as long.
      expect(silent.length).toBeGreaterThanOrEqual(2);
    } finally {
      await postgres.stop();
    }
  }, 90_000);

  it('has a log of at most two files, however much is written to it', async () => {
    const folder = makeFolder(0o755);
    const logFile = path.join(folder, 'postgres.log');
    const script = "for (let n = 0; n < 130; n += 1) console.log('x'.repeat(100_000));";
    const order = { command: process.execPath, args: ['-e', script], logFile };
    const guardian = spawn(process.execPath, [
      path.resolve('lib/embedded-postgres/guardian.mjs'),
      JSON.stringify(order),
    ]);
    expect(await new Promise((resolve) => guardian.once('exit', resolve))).toBe(0);
    expect(fs.readdirSync(folder).sort()).toEqual(['postgres.log', 'postgres.log.1']);
    for (const name of fs.readdirSync(folder)) {
      const { size, mode } = fs.statSync(path.join(folder, name));
      expect(size).toBeLessThan(5_200_000);
      expect(mode & 0o777).toBe(0o600);
    }
  });

  it('keeps a log that only its owner reads, without what users wrote', async () => {
    const folder = makeFolder(0o755);
    const postgres = await startEmbeddedPostgres(folder);
    try {
      for (const sql of ["SELECT 'secret-value'::int AS value", 'SELECT 1/0 AS value /* secret-value */'])
        await expect(ask(postgres.url, sql)).rejects.toThrow();
      const log = path.join(folder, 'postgres.log');
      expect(fs.statSync(log).mode & 0o777).toBe(0o600);
      const text = fs.readFileSync(log, 'utf8');
      expect(text).toContain('ready to accept connections');
      expect(text).not.toContain('secret-value');
    } finally {
      await postgres.stop();
    }
  });

  it('goes on when its log can be written no more', async () => {
    const folder = makeFolder(0o755);
    // Each write fails with ENOSPC.
    if (fs.existsSync('/dev/full')) fs.symlinkSync('/dev/full', path.join(folder, 'postgres.log'));
    const postgres = await startEmbeddedPostgres(folder);
    expect(await ask(postgres.url, 'SELECT 1 AS value')).toBe(1);
    await postgres.stop();
  });

  it('ends when its parent is killed, and the next start recovers it', async () => {
    const folder = makeFolder(0o755);
    const script = path.resolve('lib/testing/hold-postgres.ts');
    const child = fork(script, [folder], {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const url = await new Promise<string>((resolve) =>
      child.once('message', (message) => resolve(message as string)),
    );
    await ask(url, 'CREATE TABLE kept AS SELECT 42 AS value');
    child.kill('SIGKILL');
    await expect
      .poll(
        () =>
          ask(url, 'SELECT 1 AS value').then(
            () => 'alive',
            () => 'gone',
          ),
        { timeout: 15_000 },
      )
      .toBe('gone');
    const again = await startEmbeddedPostgres(folder);
    expect(await ask(again.url, 'SELECT value FROM kept')).toBe(42);
    await again.stop();
  });
});
