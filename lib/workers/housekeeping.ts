import { runHousekeeping } from '@/lib/engine/retention/housekeeping';
import { pause } from './pause';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    housekeeping: { made: number; dropped: number; inDefault: number };
  }
}

const EVERY_MS = 60_000;

/** Makes partitions ahead, drops old ones, removes what has served its time. */
export const housekeeping: Worker<'housekeeping'> = {
  name: 'housekeeping',
  per: 'store',
  async run(context, signal, report) {
    while (!signal.aborted) {
      report({ ...(await runHousekeeping(context)) });
      await pause(EVERY_MS, signal);
    }
  },
};
