import type { Courier } from '../lib/sdk';
import type { Order } from './orders';
import { traceOf, type Connect } from './connect';

/** The release with the bug runs for so long; then the fixed one takes over, and what failed can be retried. */
const FIX_AFTER_MS = 8_000;

/** Reserves stock. Release 1.4.2 fails on a gift, which has no lines; 1.4.3 handles it. */
export async function startInventory(connect: Connect): Promise<void> {
  const broken = connect('inventory-service', '1.4.2');
  const subscription = await subscribe(broken, (order) => order.lines.map((line) => line.sku));
  setTimeout(() => {
    void subscription.stop().then(() => {
      const fixed = connect('inventory-service', '1.4.3');
      return subscribe(fixed, (order) => (order.gift ? ['GIFT-CARD'] : order.lines.map((line) => line.sku)));
    });
  }, FIX_AFTER_MS);
}

function subscribe(courier: Courier, reserve: (order: Order) => string[]) {
  return courier.subscribe<Order>({
    group: 'inventory',
    topics: ['orders'],
    types: ['OrderPlaced'],
    from: 'beginning',
    retry: { attempts: 2, firstMs: 800 },
    async handle({ payload: order, headers }) {
      const skus = reserve(order);
      await new Promise((resolve) => setTimeout(resolve, 8 + Math.random() * 40));
      await courier.publish({
        topic: 'inventory',
        type: 'StockReserved',
        version: 1,
        key: order.orderId,
        payload: { orderId: order.orderId, skus },
        ...traceOf(headers),
      });
    },
  });
}
