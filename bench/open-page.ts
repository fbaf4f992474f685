import { readdirSync, readFileSync } from 'node:fs';
import type { Context } from '../lib/context/context';
import { load } from './console';

/** Seconds for which an open page is watched. */
const OPEN_SECONDS = 60;
/** What every page asks. */
const FRAME = [
  { path: '/api/workers', seconds: 5 },
  { path: '/api/attention', seconds: 10 },
];

/** Asks as a browser does that has a page open, for a minute. */
export async function keepOpen(
  url: string,
  headers: Record<string, string>,
  asks: readonly { path: string; seconds: number }[],
): Promise<void> {
  const until = performance.now() + OPEN_SECONDS * 1_000;
  const path = (name: string) => {
    if (name !== 'histogram') return name;
    const to = Math.ceil(Date.now() / 60_000) * 60_000;
    return `/api/messages/histogram?from=${new Date(to - 3_600_000).toISOString()}&to=${new Date(to).toISOString()}`;
  };
  await Promise.all(
    [...asks, ...FRAME].map(async (ask) => {
      while (performance.now() < until) {
        await load(url, 1, 1, () => ({ path: path(ask.path), headers }));
        await new Promise((resolve) => setTimeout(resolve, ask.seconds * 1_000));
      }
    }),
  );
}

/** The process that all backends are children of. */
export async function postmasterOf({ store }: Context): Promise<number> {
  const { rows } = await store.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return statOf(String(rows[0]?.pid))?.parent ?? 0;
}

/** CPU seconds of a process and its children, as Linux counts them; 0 elsewhere. */
export function cpuSecondsOf(parent: number): number {
  let ticks = 0;
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const stat = statOf(pid);
      if (stat && (Number(pid) === parent || stat.parent === parent)) ticks += stat.ticks;
    }
  } catch {
    return 0;
  }
  return ticks / 100;
}

function statOf(pid: string): { parent: number; ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}
