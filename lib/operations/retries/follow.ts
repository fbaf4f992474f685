import { endOf } from '@/lib/domain/retry';
import { endItem, endRetries, readSent } from '@/lib/store/retries/ledger';
import type { Context } from '../context';

const PAGE = 500;

/** Ends sent items whose outcome is known by now: handled, failed again, or passed without a report. */
export async function followSent(context: Context): Promise<number> {
  let ended = 0;
  for (let after = '0'; ;) {
    const sent = await readSent(context.store, context.cluster.id, after, PAGE);
    for (const one of sent) {
      const state = endOf({
        generation: one.item.generation,
        outcome: one.outcome,
        gaveUp: one.gaveUp,
        triesAgain: one.nextTryAt !== null,
        passed: one.passed,
      });
      if (state === null || state === one.item.state) continue;
      await endItem(context.store, one.item.id, state);
      ended += 1;
    }
    if (sent.length < PAGE) break;
    after = sent.at(-1)?.item.id ?? after;
  }
  // Items end elsewhere as well: one that was refused, or whose sender was killed in between.
  await endRetries(context.store);
  return ended;
}
