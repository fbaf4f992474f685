import { moveOpen } from '@/lib/engine/positions/move';
import { pause } from './pause';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    'position mover': { ended: number };
  }
}

const LOOK_EVERY_MS = 1_000;

/** Moves the positions of consumer groups that operators asked for. */
export const positionMover: Worker<'position mover'> = {
  name: 'position mover',
  per: 'cluster',
  async run(context, signal, report) {
    let ended = 0;
    while (!signal.aborted) {
      ended += await moveOpen(context);
      report({ ended });
      await pause(LOOK_EVERY_MS, signal);
    }
  },
};
