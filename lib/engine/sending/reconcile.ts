import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { CourierError } from '@/lib/errors';
import { HEADER } from '@/lib/protocol/headers';
import { readAttempts, type RetryItem } from '@/lib/store/retries/items';
import { expireLeases, lookLater, readUncertain, settleUncertain } from '@/lib/store/retries/ledger';
import type { Context } from '@/lib/context/context';
import type { SendTimes } from './send';

const MAX_AT_ONCE = 20;
const FETCH_BYTES = 4_000_000;
/** Until a target that could not be read to its end is looked through again. */
const AGAIN_SECONDS = 10;

/** Makes sends whose sender never came back uncertain, and looks for uncertain ones on their targets. */
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
    // A broker that is away is asked again; one that refuses to be read needs a person.
    if (!(error instanceof CourierError) || error.code !== 'broker_refused') throw error;
    await giveUp(context, item);
  }
}

/** Nobody can know whether it was sent: of a retry a person decides, a test is over. */
async function giveUp({ store }: Context, item: RetryItem): Promise<void> {
  const state = item.group === null ? 'NO_ANSWER' : 'HELD';
  await settleUncertain(store, item, { state, reason: 'cannot_scan' });
}

/** Whether a record is a copy of what an item sent: of a retry by the retry's id, else by the message's own. */
function isCopy(item: RetryItem, { headers }: BrokerRecord): boolean {
  return item.group === null
    ? headerOf(headers, HEADER.id) === item.messageId
    : headerOf(headers, HEADER.retryId) === item.courierRetryId;
}

/** Results of a send after which a copy may be on the target; null is a send that nobody came back from. */
const IN_DOUBT: readonly (string | null)[] = [null, 'unknown', 'lease_expired', 'absent'];

/**
 * Every record with the retry's id from where the first send in doubt began; `cannot_scan` where that part of the log is
 * gone or may not be read, `not_yet` where it could not be read to its end now: neither found nor absent.
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
    const end = (await context.broker.logEnds([item.targetTopic])).find(
      (item) => item.partition === partition,
    )?.end;
    // A partition that nobody leads is left out of the ends.
    if (end === undefined) return (await isThere(context, item.targetTopic)) ? 'not_yet' : 'cannot_scan';
    for (let next = from; next < end;) {
      const [answer] = await context.broker.fetch([{ topic: item.targetTopic, partition, offset: next }], {
        maxBytes: FETCH_BYTES,
        waitMs: 0,
      });
      if (answer?.problem === 'no_leader') return 'not_yet';
      if (!answer || answer.gap || answer.problem) return 'cannot_scan';
      for (const record of answer.records) {
        if (isCopy(item, record)) copies.push({ partition, offset: record.offset });
      }
      // What an open transaction or a quota holds back is there all the same.
      if (answer.next === next) return 'not_yet';
      next = answer.next;
    }
  }
  return copies;
}

async function isThere(context: Context, topic: string): Promise<boolean> {
  return (await context.broker.topics()).some((item) => item.name === topic);
}
