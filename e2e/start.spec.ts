import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort } from '../lib/embedded-postgres/ports';

interface Running {
  child: ChildProcess;
  ports: number[];
  output: () => string;
}

async function start(
  command: string,
  folder: string,
  environment: Record<string, string> = {},
): Promise<Running> {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const [console_, intake, worker] = ports.map(String);
  const child = spawn(process.execPath, ['bin/courier.mjs', command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      COURIER_DATA_DIR: folder,
      COURIER_PORT: console_,
      COURIER_INTAKE_PORT: intake,
      COURIER_WORKER_PORT: worker,
      COURIER_STOP_WITH_STDIN: '1',
      ...environment,
    },
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
  return { child, ports, output: () => output };
}

const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    () => true,
    () => false,
  );
const alive = async (ports: number[]) => (await Promise.all(ports.map(answers))).filter(Boolean).length;

test.describe('courier start', () => {
  let folder: string;
  test.beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'courier-start-'));
  });
  test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('leaves nothing behind, whether it is asked to stop or killed, and starts again', async () => {
    test.setTimeout(180_000);
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const running = await start('start', folder);
      await expect.poll(running.output, { timeout: 60_000 }).toContain('Courier runs.');
      await expect.poll(() => alive(running.ports), { timeout: 30_000 }).toBe(3);
      const ended = new Promise((resolve) => running.child.once('exit', resolve));
      running.child.kill(signal);
      await ended;
      await expect.poll(() => alive(running.ports), { timeout: 40_000 }).toBe(0);
    }
  });

  test('refuses a port that is taken and says which setting names another', async () => {
    const port = await freePort();
    const server: Server = createServer().listen(port, '127.0.0.1');
    const { child, output } = await start('start', folder, { COURIER_PORT: String(port) });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    server.close();
    expect(code).toBe(1);
    expect(output()).toContain(
      `Port ${port} (console) is taken on 127.0.0.1. Stop what holds it, or set COURIER_PORT.`,
    );
  });

  test('refuses wrong settings, all of them at once', async () => {
    const { child, output } = await start('start', folder, {
      COURIER_BROKERS: 'nonsense',
      COURIER_TYPO: '1',
    });
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1);
    expect(output()).toContain('COURIER_BROKERS is "nonsense"');
    expect(output()).toContain('COURIER_TYPO is no setting of Courier');
  });
});
