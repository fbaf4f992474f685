import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';
import { startCourier } from '@/lib/testing/courier';

it('runs the examples of the README as they stand, one after the other', async () => {
  const courier = await startCourier(inject('postgres'), null);
  const blocks = [...readFileSync('lib/sdk/README.md', 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(
    (match) => match[1] ?? '',
  );
  expect(blocks.length).toBe(4);
  for (const block of blocks) expect(block.trim().split('\n').length).toBeLessThanOrEqual(10);
  // Between subscribing and stopping a reader would wait for the message; so does the test.
  blocks.splice(
    3,
    0,
    'await new Promise((resolve) => setTimeout(resolve, 0)); for (let n = 0; n < 100 && !seen(); n += 1) await new Promise((resolve) => setTimeout(resolve, 100));',
  );
  const prelude =
    'let lines = 0; const write = console.log; console.log = (...words) => { lines += 1; write(...words); }; const seen = () => lines > 1;\n';
  const folder = mkdtempSync(path.resolve('lib/sdk/readme-'));
  const file = path.join(folder, 'example.ts');
  writeFileSync(file, blocks.join('\n').replace("'./index'", "'../index'").replace(/^/, prelude));
  try {
    const env = { ...process.env, COURIER_INTAKE_URL: courier.intakeUrl, COURIER_TOKEN: courier.token };
    const { stdout } = await promisify(execFile)('node_modules/.bin/tsx', [file], { env, timeout: 30_000 });
    const [sent = '', handled = ''] = stdout.trim().split('\n');
    expect(sent).toMatch(/^[0-9a-f-]{36} \d \d+$/);
    expect(handled).toBe(`${sent.split(' ')[0]} 1 4711`);
  } finally {
    rmSync(folder, { recursive: true });
    await courier.stop();
  }
});
