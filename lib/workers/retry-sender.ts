import { followSent } from '@/lib/engine/sending/follow';
import { reconcile } from '@/lib/engine/sending/reconcile';
import { sendDue, type SendTimes } from '@/lib/engine/sending/send';
import { isAnythingOpen } from '@/lib/store/retries/open';
import type { Context } from '@/lib/context/context';
import { retrySends } from './metrics';
import { pause } from './pause';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    'retry sender': { sent: number; ended: number };
  }
}

const LOOK_EVERY_MS = 250;
/** While no retry is open, only late reports can arrive, about items that were passed without one. */
const FOLLOW_EVERY_MS = 5_000;

/** A lease outlives a request by far. An uncertain send is reconciled when a late write must have arrived. */
export function timesOf(context: Context): SendTimes {
  const request = context.settings.COURIER_REQUEST_TIMEOUT_SECONDS;
  return { leaseSeconds: request * 2 + 20, reconcileSeconds: request + 30 };
}

/** Sends retries, searches for records whose send was uncertain, and follows all items to their outcome. */
export const retrySender: Worker<'retry sender'> = {
  name: 'retry sender',
  per: 'cluster',
  async run(context, signal, report) {
    const times = timesOf(context);
    const total = { sent: 0, ended: 0 };
    let followedAt = 0;
    while (!signal.aborted) {
      const isIdle = !(await isAnythingOpen(context.store, context.cluster.id));
      if (isIdle && Date.now() - followedAt < FOLLOW_EVERY_MS) {
        report({ ...total });
        await pause(LOOK_EVERY_MS, signal);
        continue;
      }
      followedAt = Date.now();
      const sent = await sendDue(context, times, (outcome) => {
        retrySends.inc({ outcome });
        if (outcome === 'acknowledged') total.sent += 1;
      });
      await reconcile(context, times);
      total.ended += await followSent(context);
      report({ ...total });
      if (sent === 0) await pause(LOOK_EVERY_MS, signal);
    }
  },
};
