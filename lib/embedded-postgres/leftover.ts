import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import path from 'node:path';

const STOP_MS = 10_000;

/** The process that holds the files of a database, where it is a PostgreSQL of that folder; null otherwise. */
export function postmasterOf(data: string): number | null {
  const file = path.join(data, 'postmaster.pid');
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const pid = Number(text.split('\n')[0]);
  return pid && isOurPostgres(pid, data) ? pid : null;
}

/** Stops a server that was left behind, as by a guardian that was killed: it holds the files that the next one needs. */
export async function stopLeftover(data: string): Promise<void> {
  const pid = postmasterOf(data);
  if (pid === null) return;
  // A server that was stopped by a signal can't end before it goes on.
  signal(pid, 'SIGCONT');
  signal(pid, 'SIGINT');
  for (let waited = 0; waited < STOP_MS && isOurPostgres(pid, data); waited += 50) await pause(50);
  if (!isOurPostgres(pid, data)) return;
  signal(pid, 'SIGQUIT');
  for (let waited = 0; waited < STOP_MS && isOurPostgres(pid, data); waited += 50) await pause(50);
  signal(pid, 'SIGKILL');
}

function isOurPostgres(pid: number, data: string): boolean {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .includes(data);
  } catch {
    return false;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
