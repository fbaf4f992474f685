import * as fs from 'node:fs';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { freePort } from '../lib/embedded-postgres/ports';
import { createServiceToken } from '../lib/operations/tokens/find';
import { HttpTransport } from '../lib/sdk/http-transport';
import type { Consumption } from '../lib/sdk/transport';
import { round, type Row } from './bench';
import { untilAnswers } from './console';
import { startStore } from './store';

const CONSUMERS = 500;
const SETTLE_MS = 30_000;
const MEASURE_MS = 60_000;

/** What idle consumers of the embedded broker cost the worker and PostgreSQL, against the same without any. */
export async function bench(): Promise<Row[]> {
  const store = await startStore();
  const context = await store.open('intake_idle');
  const token = await createServiceToken(context, 'idle');
  const port = await freePort();
  const worker = spawn(process.execPath, ['bin/courier.mjs', 'worker'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      COURIER_DATABASE_URL: store.url('intake_idle'),
      COURIER_INTAKE_PORT: String(port),
      COURIER_WORKER_PORT: '0',
      COURIER_LOG_LEVEL: 'error',
    },
  });
  const consumers: Consumption[] = [];
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilAnswers(url);
    const transport = new HttpTransport({ url, token }, 'idle');
    await transport.createTopics([{ name: 'idle', partitions: 1 }]);
    const without = await cpuOf(worker);
    for (let number = 0; number < CONSUMERS; number += 1)
      consumers.push(
        await transport.consume({
          group: `idle-${number}`,
          topics: ['idle'],
          fromBeginning: true,
          onRecords: () => undefined,
          onRevoked: () => undefined,
          onFailed: () => undefined,
          onReads: () => undefined,
        }),
      );
    const withAll = await cpuOf(worker);
    const cost = withAll - without;
    return [
      {
        what: `${CONSUMERS} idle consumers of one intake, share of a core in the worker`,
        courier: `${round(cost * 100, 1)} %`,
        against: `${round(without * 100, 1)} % (none of them)`,
        ratio: `${round((cost / CONSUMERS) * 1_000_000, 0)} µs a second each`,
        goal: '< 5 %',
      },
    ];
  } finally {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    worker.kill('SIGTERM');
    await new Promise((resolve) => worker.once('exit', resolve));
    await store.stop();
  }
}

/** The share of a core that a process takes over a minute, once it has settled. */
async function cpuOf(child: ChildProcess): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const [began, before] = [performance.now(), secondsOf(child)];
  await new Promise((resolve) => setTimeout(resolve, MEASURE_MS));
  return (secondsOf(child) - before) / ((performance.now() - began) / 1_000);
}

/** Hundredths of a second, in which Linux counts (proc_pid_stat(5), fields 14 and 15). */
const TICK_SECONDS = 0.01;

/** Processor time that a process has used; in whole seconds where the system has no `/proc`. */
function secondsOf(child: ChildProcess): number {
  const file = `/proc/${child.pid}/stat`;
  if (fs.existsSync(file)) {
    // The second field is a name in brackets, which may have blanks.
    const fields = fs
      .readFileSync(file, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS;
  }
  const text = execFileSync('ps', ['-o', 'cputimes=', '-p', String(child.pid)]).toString();
  return Number(/^\s*(\d+)/.exec(text)?.[1] ?? 0);
}
