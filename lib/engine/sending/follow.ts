import { endOf } from '@/lib/domain/retries/retry';
import { endItem, endRetries, holdUncertain, readSent } from '@/lib/store/retries/ledger';
import type { Context } from '@/lib/context/context';

const PAGE = 500;

/**
 * Ends sent items whose outcome is known by now: handled, failed again, passed without a report, or without an answer for
 * so long that none is waited for any more.
 */
export async function followSent(context: Context): Promise<number> {
  const { store, cluster, settings } = context;
  const answerSeconds = settings.COURIER_RETRY_ANSWER_HOURS * 3600;
  await holdUncertain(store, cluster.id, answerSeconds);
  let ended = 0;
  for (let after = '0'; ;) {
    const sent = await readSent(store, cluster.id, after, PAGE, answerSeconds);
    for (const entry of sent) {
      const state = endOf({
        generation: entry.item.generation,
        outcome: entry.outcome,
        gaveUp: entry.gaveUp,
        ofRecord: entry.ofRecord,
        triesAgain: entry.nextTryAt !== null,
        passed: entry.passed,
        unanswered: entry.unanswered,
      });
      if (state === null || state === entry.item.state) continue;
      await endItem(store, entry.item.id, state);
      ended += 1;
    }
    if (sent.length < PAGE) break;
    after = sent.at(-1)?.item.id ?? after;
  }
  // Items end elsewhere as well: one that was refused, or whose sender was killed in between.
  await endRetries(store);
  return ended;
}
