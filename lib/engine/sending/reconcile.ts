import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { CourierError } from '@/lib/errors';
import { HEADER } from '@/lib/protocol/headers';
import { readAttempts, type RetryItem } from '@/lib/store/retries/items';
import { expireLeases, lookLater, readUncertain, settleUncertain } from '@/lib/store/retries/ledger';
import type { Context } from '@/lib/context/context';
import type { SendTimes } from './send';

const MAX_AT_ONCE = 20;
const FETCH_BYTES = 4_000_000;
/** Delay before a target that could not be read to its end is read again. */
const AGAIN_SECONDS = 10;

/** Expires leases, then searches the targets of uncertain items. @returns how many items were searched for */
export async function reconcile(context: Context, times: SendTimes): Promise<number> {
  await expireLeases(context.store, context.cluster.id, times.reconcileSeconds);
  const items = await readUncertain(context.store, context.cluster.id, MAX_AT_ONCE);
  for (const item of items) await settle(context, item);
  return items.length;
}

async function settle(context: Context, item: RetryItem): Promise<void> {
  try {
    const found = await findCopies(context, item);
    if (found === 'not_yet') await lookLater(context.store, item, AGAIN_SECONDS);
    else if (found === 'cannot_scan') await giveUp(context, item);
    else if (found.length === 0) await settleUncertain(context.store, item, { state: 'PENDING' });
    else {
      const [first] = found;
      if (first)
        await settleUncertain(context.store, item, {
          state: item.group === null ? 'WRITTEN' : 'SENT_VERIFIED',
          copies: found.length,
          ...first,
        });
    }
  } catch (error) {
    // An unreachable broker is retried; a refusal is final.
    if (!(error instanceof CourierError) || error.code !== 'broker_refused') throw error;
    await giveUp(context, item);
  }
}

/** Gives up an item that cannot be reconciled: a retry is held for a person, a test ends. */
async function giveUp({ store }: Context, item: RetryItem): Promise<void> {
  const state = item.group === null ? 'NO_ANSWER' : 'HELD';
  await settleUncertain(store, item, { state, reason: 'cannot_scan' });
}

/** Whether a record is a copy of an item: a retry is identified by the retry's id, a test by the message's. */
function isCopy(item: RetryItem, { headers }: BrokerRecord): boolean {
  return item.group === null
    ? headerOf(headers, HEADER.id) === item.messageId
    : headerOf(headers, HEADER.retryId) === item.courierRetryId;
}

/** Results of a send after which a copy may be on the target; null is a send without a result. */
const IN_DOUBT: readonly (string | null)[] = [null, 'unknown', 'lease_expired', 'absent'];

/**
 * Finds every copy of an item, from the end offset of its first doubtful send on. `cannot_scan`: that part of the log is
 * deleted or unreadable. `not_yet`: the log could not be read to its end, so the item is neither found nor absent.
 */
async function findCopies(
  context: Context,
  item: RetryItem,
): Promise<{ partition: number; offset: bigint }[] | 'cannot_scan' | 'not_yet'> {
  const copies: { partition: number; offset: bigint }[] = [];
  const begins = new Map<number, bigint>();
  for (const attempt of await readAttempts(context.store, [item.id])) {
    if (!IN_DOUBT.includes(attempt.result)) continue;
    const before = begins.get(attempt.targetPartition);
    const from = BigInt(attempt.endOffset);
    if (before === undefined || from < before) begins.set(attempt.targetPartition, from);
  }
  for (const [partition, from] of begins) {
    const ends = await context.broker.logEnds([item.targetTopic]);
    const end = ends.known.find((item) => item.partition === partition)?.end;
    if (end === undefined) {
      const reason = ends.unknown.find((item) => item.partition === partition)?.reason;
      return reason === undefined || reason === 'refused' ? 'cannot_scan' : 'not_yet';
    }
    for (let next = from; next < end;) {
      const [answer] = await context.broker.fetch([{ topic: item.targetTopic, partition, offset: next }], {
        maxBytes: FETCH_BYTES,
        waitMs: 0,
      });
      if (answer?.problem === 'no_leader' || answer?.problem === 'unreachable') return 'not_yet';
      if (!answer || answer.gap || answer.problem) return 'cannot_scan';
      for (const record of answer.records) {
        if (isCopy(item, record)) copies.push({ partition, offset: record.offset });
      }
      // Records behind an open transaction or a quota exist but are not returned yet.
      if (answer.next === next) return 'not_yet';
      next = answer.next;
    }
  }
  return copies;
}
