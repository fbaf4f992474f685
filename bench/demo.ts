import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../lib/embedded-postgres/ports';
import { round, type Row } from './bench';

/** `npm run demo` from nothing, the console's build included, to the first page that answers and to all links checked. */
export async function bench(): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-demo-'));
  const built = path.resolve('.next');
  fs.rmSync(built, { recursive: true, force: true });
  const [port, intake, worker] = [await freePort(), await freePort(), await freePort()];
  const began = performance.now();
  const child = spawn(process.execPath, ['bin/courier.mjs', 'demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      COURIER_DATA_DIR: folder,
      COURIER_PORT: String(port),
      COURIER_INTAKE_PORT: String(intake),
      COURIER_WORKER_PORT: String(worker),
    },
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const seconds = () => (performance.now() - began) / 1000;
  const until = async (done: () => Promise<boolean>) => {
    while (!(await done())) {
      if (child.exitCode !== null) throw new Error(`the demo ended: ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return seconds();
  };
  const page = await until(async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/sign-in`).catch(() => null);
    return answer?.status === 200;
  });
  const links = await until(() => Promise.resolve(output.includes('Ctrl-C stops everything.')));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  fs.rmSync(folder, { recursive: true, force: true });
  return [
    {
      what: 'npm run demo after npm ci, build included, to the first answered page',
      courier: `${round(page, 1)} s`,
      against: `${round(links, 1)} s until all printed links were checked`,
      ratio: '-',
      goal: '<= 60 s',
    },
  ];
}
