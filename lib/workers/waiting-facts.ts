import { resolveWaiting } from '@/lib/engine/ingest/resolve-waiting';
import { pause } from './pause';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    'waiting facts': { resolved: number };
  }
}

const LOOK_EVERY_MS = 1_000;

/** Resolves waiting facts: no message matched the position or sender's id that names theirs when they arrived. */
export const waitingFacts: Worker<'waiting facts'> = {
  name: 'waiting facts',
  per: 'cluster',
  async run(context, signal, report) {
    let resolved = 0;
    while (!signal.aborted) {
      const now = await resolveWaiting(context);
      resolved += now;
      report({ resolved });
      if (now === 0) await pause(LOOK_EVERY_MS, signal);
    }
  },
};
