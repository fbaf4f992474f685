import type { SendAnswer } from '@/lib/brokers/broker';
import type { Actor, Context } from '@/lib/context/context';
import { createRetry } from '@/lib/operations/retries/create';
import { listRetryItems } from '@/lib/operations/retries/items';
import { sendDue } from '@/lib/engine/sending/send';
import { putOff } from '@/lib/store/retries/ledger';
import { failingIn } from './fill';

const TIMES = { leaseSeconds: 40, reconcileSeconds: 0 };
/** Longer than the rest of making a release takes, shorter than anybody waits. */
const LATER_SECONDS = 30;

/**
 * Leaves two retries as they are when Courier is stopped in the middle: one with items that are sent and unread, that are
 * uncertain, and that are not sent yet; and one with an item that is held until a person decides. No worker may run.
 * @returns their ids
 */
export async function leaveOpen(context: Context, admin: Actor): Promise<{ underWay: string; held: string }> {
  const failing = await failingIn(context, admin, 'payment', 'InsufficientFunds');
  if (failing.length < 12) throw new Error(`only ${failing.length} payments fail`);
  const retryOf = async (messageIds: string[], reason: string) => {
    const selected = { group: 'payment', messageIds };
    const { id } = await createRetry.call(context, admin, { selected, reason });
    const { rows } = await listRetryItems.call(context, admin, { id, limit: 200 });
    return { id, items: rows.map(({ itemId }) => itemId) };
  };

  const { id: underWay, items } = await retryOf(failing.slice(0, 9), 'pay day was today');
  await putOff(context.store, items.slice(3), LATER_SECONDS);
  await sendDue(context, TIMES, () => undefined);
  await putOff(context.store, items.slice(3, 5), 0);
  await sendDue(withoutAnswers(context, true), TIMES, () => undefined);

  const held = await retryOf(failing.slice(9, 10), 'one of them, to see');
  await sendDue(withoutAnswers(context, false), TIMES, () => undefined);
  await context.store.query(
    "UPDATE retry_item SET state = 'HELD', reason = 'cannot_scan' WHERE retry_id = $1",
    [held.id],
  );
  return { underWay, held: held.id };
}

/** The same, with a broker that never reports the outcome of a record. @param arrives whether it stores the record */
function withoutAnswers(context: Context, arrives: boolean): Context {
  const broker = Object.create(context.broker) as Context['broker'];
  broker.publish = async (records) => {
    if (arrives) await context.broker.publish(records);
    return records.map((): SendAnswer => ({ outcome: 'unknown', reason: 'the answer never came' }));
  };
  return { ...context, broker };
}
