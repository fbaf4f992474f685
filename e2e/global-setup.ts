import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { FullConfig } from '@playwright/test';

/**
 * Starts the services (unless the test command did) and for each of Playwright's workers a Courier to click on (unless
 * `E2E_STACKS` is set), and gives the tests their addresses.
 */
export default async function setup({ workers }: FullConfig): Promise<() => Promise<void>> {
  const ours: ChildProcess[] = [];
  if (!process.env.TEST_POSTGRES_URL) {
    const services = start(['scripts/test-services.ts']);
    ours.push(services.child);
    const found = JSON.parse(await services.line) as {
      postgres: string;
      kafka: unknown;
      whyNoKafka: string | null;
    };
    process.env.TEST_POSTGRES_URL = found.postgres;
    process.env.TEST_KAFKA = JSON.stringify(found.kafka);
    process.env.TEST_WHY_NO_KAFKA = found.whyNoKafka ?? '';
    await prepareTemplate();
  }
  if (process.env.E2E_STACKS === undefined) {
    const stacks = Array.from({ length: workers }, () => start(['e2e/stack.ts', 'run']));
    ours.unshift(...stacks.map(({ child }) => child));
    const lines = await Promise.all(stacks.map(({ line }) => line));
    process.env.E2E_STACKS = `[${lines.join(',')}]`;
  }
  return async () => {
    for (const child of ours) await end(child);
  };
}

/** The integration stage makes the migrated template; alone, it is made here. */
async function prepareTemplate(): Promise<void> {
  const made = start(['scripts/prepare-template.ts']);
  await made.line;
  await end(made.child);
}

function start(args: string[]): { child: ChildProcess; line: Promise<string> } {
  const child = spawn(path.resolve('node_modules/.bin/tsx'), args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: process.env,
  });
  const line = new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const first = text.split('\n').find((item) => item.startsWith('{') || item.startsWith('['));
      if (first && text.endsWith('\n')) resolve(first);
    });
    child.once('exit', (code) => reject(new Error(`${args[0] ?? ''} ended with code ${code ?? '?'}`)));
  });
  return { child, line };
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.stdin?.end();
  });
}
