import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../lib/embedded-postgres/ports';

/** Seconds after opening the link by which each thing must be on screen, as a person would get there. */
const BY = {
  overview: 15,
  palette: 45,
  message: 75,
  failure: 120,
  retry: 150,
  green: 165,
  analytics: 210,
  plug: 255,
};

let folder: string | null = null;
let demo: ChildProcess | undefined;
let output = '';
const taken = createServer();

async function stopDemo(): Promise<void> {
  if (demo?.exitCode !== null || demo.signalCode !== null) return;
  // npm ends before what it started; the output closes when the last of them has ended.
  const ended = new Promise((resolve) => demo?.once('close', resolve));
  demo.kill('SIGTERM');
  await ended;
}

test.afterAll(() => {
  taken.close();
  if (folder !== null) rmSync(folder, { recursive: true, force: true });
});

test.afterEach(stopDemo);

test('a newcomer types two commands and is at home within five minutes', async ({ browser }) => {
  test.setTimeout(600_000);
  installed();
  const began = Date.now();
  demo = await startDemo();
  await expect.poll(() => output, { timeout: 180_000 }).toContain('Ctrl-C stops everything.');
  const { port } = taken.address() as AddressInfo;
  expect(output).toContain(`Port ${port} is taken; the console uses`);
  const ready = Math.round((Date.now() - began) / 1_000);
  test.info().annotations.push({ type: 'ready after', description: `${ready} s` });
  expect(ready).toBeLessThan(120);
  expect(output).toMatch(/The shop has sent \d+ messages; [1-9]\d* failed; analytics is \d+ behind\./);
  const { url, password, linkOf } = printed();
  const order = /type (order-\d+)/.exec(output)?.[1] ?? '';

  const page = await browser.newPage({ viewport: { width: 1360, height: 850 }, timezoneId: 'UTC' });
  const opened = Date.now();
  const inTime = (step: keyof typeof BY) => {
    const seconds = Math.round((Date.now() - opened) / 1_000);
    test.info().annotations.push({ type: step, description: `${seconds} s of ${BY[step]}` });
    expect(seconds, step).toBeLessThanOrEqual(BY[step]);
  };

  expect((await fetch(`${url}/api/messages`)).status).toBe(401);

  // 0:00 the link leads to signing in, and on to its page.
  await page.goto(`${url}/overview`);
  await expect(page.getByText('Find any message, see what happened to it')).toBeVisible();
  await expect(page.getByRole('button', { name: 'English / 简体中文' })).toBeVisible();
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Pass phrase', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();

  // 0:15 one sentence, rows with a cause, a number and one action, and beside them what to try.
  await expect(page.getByText(/things? needs? you;/)).toBeVisible();
  const needs = page.getByRole('region', { name: 'Needs a person' }).getByRole('listitem');
  await expect(needs.first()).toContainText(/since \d\d:\d\d:\d\d/);
  await expect(needs.first().getByRole('link', { name: /^(Open|Show) / })).toHaveCount(1);
  const things = page.getByRole('complementary', { name: 'Five things to try' });
  await expect(things.getByRole('listitem')).toHaveCount(5);
  await expect(things).toContainText('0 of 5');
  inTime('overview');

  // 0:45 the palette answers while one types.
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Search' }).fill(order);
  const failed = page.getByRole('option').filter({ hasText: 'InsufficientFunds' });
  await expect(failed.first()).toContainText(order);
  await expect(failed.first()).toContainText('payment');
  inTime('palette');

  // 1:15 where it is, wholly above the fold, what failed first and with its action.
  await failed.first().click();
  const where = page.getByRole('region', { name: 'Where is it?' });
  await expect(where.getByRole('listitem').first()).toContainText(
    /payment.*Failed 3 times.*InsufficientFunds/s,
  );
  await expect(where.getByRole('listitem').first().getByRole('button')).toHaveText('Retry to payment');
  const box = await where.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? Infinity)).toBeLessThanOrEqual(850);
  for (const noun of ['message', 'deliveries', 'attempt']) {
    await page.getByRole('button', { name: noun, exact: true }).hover();
    await expect(page.getByRole('tooltip').filter({ hasText: /\.$/ }).last()).toBeVisible();
  }
  inTime('message');

  // 2:00 the failure: the same words, since when, how many, of which group.
  await where.getByRole('link', { name: 'InsufficientFunds' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('InsufficientFunds in payment');
  await expect(page.getByText(/^Began .* in release 1\.4\.2$/)).toBeVisible();
  await expect(page.getByText(/\d+ messages fail, last/)).toBeVisible();
  inTime('failure');

  // 2:30 two presses retry what the bug took; 2:45 it goes green as the facts arrive.
  await page.goto(`${url}${linkOf(4)}`);
  await page.getByRole('button', { name: /^Retry \d+ messages to inventory$/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Only inventory gets them');
  await dialog.getByRole('button', { name: /^Retry \d+ messages$/ }).click();
  await expect(page).toHaveURL(/\/retries\/[0-9a-f-]{36}/);
  inTime('retry');
  await expect(page.getByText(/are handled; all have ended/)).toBeVisible({ timeout: 10_000 });
  inTime('green');

  // 3:30 analytics: a verdict in words, and numbers that move.
  await page.goto(`${url}${linkOf(3)}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('analytics');
  const lag = page.getByText('Lag', { exact: true }).locator('xpath=following-sibling::dd[1]');
  const before = await lag.textContent();
  await expect.poll(() => lag.textContent(), { timeout: 15_000 }).not.toBe(before);
  inTime('analytics');

  // 4:15 the plug is pulled: shown within ten seconds, nothing blanks, and it heals by itself.
  await page.goto(`${url}/groups/payment`);
  await expect(page.getByText(/Keeping up|Catching up/).first()).toBeVisible();
  demo.stdin?.write('p\n');
  await expect.poll(() => output).toContain('payment stops for 30 s');
  await expect(page.getByText('No members').first()).toBeVisible({ timeout: 10_000 });
  await expect(page.getByText(/Nobody reads since \d\d:\d\d/).first()).toBeVisible();
  inTime('plug');
  await page.goto(`${url}/messages?group=payment&status=COMMITTED`);
  await expect(page.getByRole('row').filter({ hasText: 'Waiting' }).first()).toBeVisible();
  await page.goto(`${url}/overview`);
  await expect(needs.filter({ hasText: 'payment' }).filter({ hasText: 'No members' })).toBeVisible();
  await expect(things).toContainText('5 of 5');
  await page.goto(`${url}/groups/payment`);
  await expect(page.getByText(/Keeping up|Catching up/).first()).toBeVisible({ timeout: 60_000 });

  // What happened has one line for it.
  await page.goto(`${url}/overview/happened?span=hour`);
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: 'payment' });
  await expect(row.filter({ hasText: 'No members' }).filter({ hasText: 'Over' })).toHaveCount(1);

  // 5:00 how to point it at your own Kafka.
  await page.goto(`${url}/settings`);
  await expect(page.getByText('COURIER_BROKERS=kafka://127.0.0.1:9092 npm start')).toBeVisible();
  await page.close();
});

test('the same shop runs on an Apache Kafka, and a message is given again with a click', async ({ page }) => {
  const kafka = JSON.parse(process.env.TEST_KAFKA ?? 'null') as { address: string } | null;
  test.skip(kafka === null, process.env.TEST_WHY_NO_KAFKA ?? '');
  test.setTimeout(300_000);
  // What starts is a second demo, on another broker.
  demo = await startDemo({
    COURIER_BROKERS: `kafka://${kafka?.address ?? ''}`,
    COURIER_DATA_DIR: path.join(installed(), '.courier-kafka'),
  });
  await expect.poll(() => output, { timeout: 180_000 }).toContain('Ctrl-C stops everything.');
  expect(output).toContain(`Using Kafka at ${kafka?.address ?? ''}.`);
  const { url, password, linkOf } = printed();
  await page.goto(`${url}${linkOf(4)}`);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Pass phrase', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`${url}${linkOf(4)}`);
  // The id of one that the inventory bug took, pasted into the search.
  const link = page.getByRole('region', { name: 'Members' }).getByRole('link').first();
  const id = (await link.getAttribute('title')) ?? '';
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Search' }).fill(id);
  await page.getByRole('combobox', { name: 'Search' }).press('Enter');
  await expect(page).toHaveURL(`${url}/messages/${id}`);
  const where = page.getByRole('region', { name: 'Where is it?' });
  await expect(where).toContainText('Gave up');
  await where.getByRole('button', { name: 'Retry to inventory' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Retry to inventory' }).click();
  await expect(where).not.toContainText('Cannot read properties', { timeout: 30_000 });
  await expect(where).toContainText('inventory');
});

/** What the demo printed: its URL, how to sign in, and what to click. */
function printed() {
  return {
    url: /(http:\/\/127\.0\.0\.1:\d+) {5}sign in as {2}admin/.exec(output)?.[1] ?? '',
    password: /pass phrase {2}(\S+)/.exec(output)?.[1] ?? '',
    linkOf: (number: number) => new RegExp(`^ {2}${number} .* (/\\S+)$`, 'm').exec(output)?.[1] ?? '',
  };
}

/** A clean clone with its packages, which both tests use; the first of them builds it. */
function installed(): string {
  if (folder !== null) return folder;
  folder = cleanClone();
  const npm = ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', npm, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}

/** What a stranger gets: the committed files, and beside them what is being worked on here. */
function cleanClone(): string {
  const clone = mkdtempSync(path.join(os.tmpdir(), 'courier-newcomer-'));
  chmodSync(clone, 0o755);
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' });
  git('clone', '--quiet', '.', clone);
  const changed = git('ls-files', '--modified', '--others', '--exclude-standard').split('\n').filter(Boolean);
  const gone = new Set(git('ls-files', '--deleted').split('\n'));
  for (const file of changed) {
    if (gone.has(file)) continue;
    mkdirSync(path.dirname(path.join(clone, file)), { recursive: true });
    copyFileSync(file, path.join(clone, file));
  }
  return clone;
}

/** Starts the demo while another server has the console's port. */
async function startDemo(more: Record<string, string> = {}): Promise<ChildProcess> {
  const [port = '', intake, worker] = [await freePort(), await freePort(), await freePort()].map(String);
  if (!taken.listening)
    await new Promise<void>((resolve) => taken.listen(Number(port), '127.0.0.1', resolve));
  output = '';
  const child = spawn('npm', ['run', 'demo', '--silent'], {
    cwd: installed(),
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      COURIER_PORT: port,
      COURIER_INTAKE_PORT: intake,
      COURIER_WORKER_PORT: worker,
      COURIER_STOP_WITH_STDIN: '1',
      ...more,
    },
  });
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  return child;
}
