import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { freePort } from '../lib/embedded-postgres/ports';
import { releaseOf } from '../test/upgrade/release';
import { restore, type RestoredDatabase } from '../test/upgrade/restore';

const READY_MS = 60_000;
const SOON_MS = 10_000;

interface Address {
  /** Path and query, as a user bookmarked them. */
  path: string;
  /** Text that its page shows. */
  text: string;
  /** Text that the page would show as well if the query had no effect; empty where that is not checked. */
  absent: string;
}

function addressesOf(list: string): Address[] {
  return list
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [address = '', text = '', absent = ''] = line.split('\t');
      if (text === '') throw new Error(`${line} does not say what stands on its page`);
      return { path: address, text, absent };
    });
}

let folder: string;
let database: RestoredDatabase | undefined;
let courier: ChildProcess | undefined;

test.beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'courier-upgrade-'));
});

test.afterAll(async () => {
  await stop();
  await database?.drop();
  rmSync(folder, { recursive: true, force: true });
});

for (const name of ['release-0.1']) {
  test(`every address of ${name} leads to its page after the upgrade`, async ({ page }) => {
    test.setTimeout(300_000);
    const { addresses, credentials, database: file } = releaseOf(name);
    const all = addressesOf(addresses());
    database = await restore(process.env.TEST_POSTGRES_URL ?? '', file);
    const url = await start(database.url);
    const problems = watch(page);
    await signIn(page, url, credentials.operators[0]);

    const wrong: string[] = [];
    for (const address of all) {
      const found = await look(page, url, address).catch((error: unknown) => [String(error).split('\n')[0]]);
      for (const problem of [...found, ...problems.splice(0)]) wrong.push(`${address.path}: ${problem}`);
    }
    expect(wrong).toEqual([]);
    test.info().annotations.push({ type: 'addresses', description: String(all.length) });
  });
}

/** What is wrong with the page of an address, or with the file where it leads to one. */
async function look(page: Page, url: string, { path: address, text, absent }: Address): Promise<string[]> {
  if (address.startsWith('/api/')) {
    const answer = await page.request.get(`${url}${address}`);
    if (!answer.ok()) return [`answers ${answer.status()}`];
    return (await answer.text()).includes(text) ? [] : [`lacks ${JSON.stringify(text)}`];
  }
  const answer = await page.goto(`${url}${address}`, { waitUntil: 'domcontentloaded' });
  const status = answer?.status() ?? 0;
  if (status >= 400) return [`answers ${status}`];
  const visible = (words: string) =>
    page.getByRole('main').getByText(words).filter({ visible: true }).first();
  const isThere = await visible(text)
    .waitFor({ timeout: SOON_MS })
    .then(
      () => true,
      () => false,
    );
  if (!isThere) return [`does not show ${JSON.stringify(text)}`];
  if (absent !== '' && (await visible(absent).isVisible())) return [`shows ${JSON.stringify(absent)}`];
  return [];
}

/** Collects what a browser complains of. */
function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  return problems;
}

async function signIn(
  page: Page,
  url: string,
  operator: { name: string; passPhrase: string } | undefined,
): Promise<void> {
  await page.goto(`${url}/groups?cluster=embedded`);
  await page.getByLabel('Name').fill(operator?.name ?? '');
  await page.getByLabel('Pass phrase', { exact: true }).fill(operator?.passPhrase ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`${url}/groups?cluster=embedded`);
}

/** Starts Courier on a database, as in an upgrade. @returns the console's address */
async function start(databaseUrl: string): Promise<string> {
  const [port = '', intake = '', worker = ''] = (await Promise.all([freePort(), freePort(), freePort()])).map(
    String,
  );
  const child = spawn(process.execPath, ['bin/courier.mjs', 'start'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      COURIER_DATABASE_URL: databaseUrl,
      COURIER_DATA_DIR: folder,
      COURIER_PORT: port,
      COURIER_INTAKE_PORT: intake,
      COURIER_WORKER_PORT: worker,
      COURIER_STOP_WITH_STDIN: '1',
      COURIER_LOG_LEVEL: 'warn',
      // What was kept is as old as its release.
      COURIER_RETENTION_DAYS: '3650',
      COURIER_BODY_RETENTION_DAYS: '3650',
    },
  });
  courier = child;
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  await expect.poll(() => output, { timeout: READY_MS }).toContain('Courier runs.');
  return `http://127.0.0.1:${port}`;
}

async function stop(): Promise<void> {
  const child = courier;
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  await ended;
}
