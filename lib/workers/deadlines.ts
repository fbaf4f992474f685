import { markOverdue } from '@/lib/engine/ingest/mark-overdue';
import { pause } from './pause';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    deadlines: { marked: number };
  }
}

const EVERY_MS = 10_000;

/** Marks deliveries that wait for longer than their group's deadline. */
export const deadlines: Worker<'deadlines'> = {
  name: 'deadlines',
  per: 'cluster',
  async run(context, signal, report) {
    let marked = 0;
    while (!signal.aborted) {
      const now = await markOverdue(context);
      marked += now;
      report({ marked });
      if (now === 0) await pause(EVERY_MS, signal);
    }
  },
};
