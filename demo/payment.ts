import type { Courier, Message, Subscription } from '../lib/sdk';
import type { Order } from './orders';
import { traceOf, type Connect } from './connect';

class InsufficientFunds extends Error {
  override readonly name = 'InsufficientFunds';
}
class LockTimeout extends Error {
  override readonly name = 'LockTimeout';
}

/** Customers have this much at first; their pay day comes after a while, so that a retry then succeeds. */
const PAY_DAY_MS = 45_000;

/** Charges orders. Fails for lack of funds, and now and then for a lock that is free at the next try. */
export async function startPayment(connect: Connect): Promise<{ unplug(seconds: number): Promise<void> }> {
  const began = Date.now();
  const courier = connect('payment-service', '1.4.2');
  const handle = async ({ payload: order, attempt, headers }: Message<Order>): Promise<void> => {
    const balance =
      Date.now() - began > PAY_DAY_MS ? 1_000 : 160 + (Number(order.orderId.slice(6)) % 7) * 3.1;
    await new Promise((resolve) => setTimeout(resolve, 4 + Math.random() * 20));
    if (order.total % 41 === 0 && attempt === 1) throw new LockTimeout('wallet is locked by another charge');
    if (balance < order.total)
      throw new InsufficientFunds(`balance ${balance.toFixed(2)} < ${order.total.toFixed(2)}`);
    await courier.publish({
      topic: 'payments',
      type: 'PaymentCaptured',
      version: 1,
      key: order.orderId,
      payload: { orderId: order.orderId, amount: order.total, currency: order.currency },
      ...traceOf(headers),
    });
  };
  let subscription = await subscribe(courier, handle);
  let isUnplugged = false;
  return {
    async unplug(seconds) {
      if (isUnplugged) return;
      isUnplugged = true;
      await subscription.stop();
      await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
      subscription = await subscribe(courier, handle);
      isUnplugged = false;
    },
  };
}

function subscribe(
  courier: Courier,
  handle: (message: Message<Order>) => Promise<void>,
): Promise<Subscription> {
  return courier.subscribe<Order>({
    group: 'payment',
    topics: ['orders'],
    types: ['OrderPlaced'],
    from: 'beginning',
    retry: { attempts: 3, firstMs: 1_500, factor: 2 },
    handle,
  });
}
