import { FormerMover } from '@/lib/engine/retention/move-former';
import { pause } from './pause';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    'former days': { moved: number; perSecond: number };
  }
}

/** How long it rests while there is nothing to do. */
const IDLE_MS = 10_000;
const NOTHING_LEFT_MS = 600_000;
/** Share of its time in which it moves: the rest belongs to new facts. */
const BUSY_SHARE = 0.5;

/** Moves what earlier releases stored into the tables of today, day by day. */
export const formerDays: Worker<'former days'> = {
  name: 'former days',
  per: 'store',
  async run(context, signal, report) {
    const mover = new FormerMover(context);
    let moved = 0;
    while (!signal.aborted) {
      const began = performance.now();
      const step = await mover.step();
      const took = performance.now() - began;
      if (step.did === 'nothing') {
        report({ moved, perSecond: 0 });
        await pause(step.isOver ? NOTHING_LEFT_MS : IDLE_MS, signal);
        continue;
      }
      const rest = took * (1 / BUSY_SHARE - 1);
      if (step.did === 'moved') {
        moved += step.messages;
        report({ moved, perSecond: Math.round((step.messages / (took + rest)) * 1_000) });
      }
      await pause(rest, signal);
    }
  },
};
