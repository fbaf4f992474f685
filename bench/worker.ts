import { spawn } from 'node:child_process';
import { freePort } from '../lib/embedded-postgres/ports';
import { untilAnswers } from './console';

export interface BenchWorker {
  pid: number;
  intakeUrl: string;
  stop(): void;
}

/** Starts the built worker over a store, and waits until its intake answers. Requires `npm run build`. */
export async function startWorker(databaseUrl: string, brokers = 'embedded:'): Promise<BenchWorker> {
  const [intake, worker] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, ['bin/courier.mjs', 'worker'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      COURIER_DATABASE_URL: databaseUrl,
      COURIER_BROKERS: brokers,
      COURIER_INTAKE_PORT: String(intake),
      COURIER_WORKER_PORT: String(worker),
      COURIER_LOG_LEVEL: 'error',
    },
  });
  const intakeUrl = `http://127.0.0.1:${intake}`;
  await untilAnswers(`${intakeUrl}/`);
  return { pid: child.pid ?? 0, intakeUrl, stop: () => void child.kill('SIGKILL') };
}
