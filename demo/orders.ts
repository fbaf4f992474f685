import type { Courier } from '../lib/sdk';

export interface Order {
  orderId: string;
  customer: { id: string; country: string };
  lines: { sku: string; qty: number; price: number }[];
  total: number;
  currency: 'EUR' | 'CHF';
  /** A gift has no lines until the receiver has chosen. */
  gift?: { card: string };
}

const SKUS = ['LAMP-12', 'DESK-03', 'CHAIR-7', 'SHELF-1', 'RUG-22'];
const BURST = 150;
const EVERY_MS = 700;

let number = 1000;

function nextOrder(): Order {
  number += 1;
  const sku = SKUS[number % SKUS.length] ?? 'LAMP-12';
  const price = 15 + ((number * 37) % 180);
  const isGift = number % 25 === 0;
  return {
    orderId: `order-${number}`,
    customer: { id: `cust-${100 + (number % 60)}`, country: number % 4 === 0 ? 'CH' : 'DE' },
    // The first release of gifts forgot that they have no lines yet.
    lines: isGift ? (undefined as unknown as Order['lines']) : [{ sku, qty: 1 + (number % 3), price }],
    total: price,
    currency: number % 4 === 0 ? 'CHF' : 'EUR',
    ...(isGift ? { gift: { card: 'With love' } } : {}),
  };
}

/** Takes orders: a burst first, so that every page has something to show, then one after the other. */
export function startOrders(courier: Courier): void {
  const place = async () => {
    const order = nextOrder();
    try {
      await courier.publish({
        topic: 'orders',
        type: 'OrderPlaced',
        version: 2,
        key: order.orderId,
        payload: order,
        producerId: `shop-${order.orderId}`,
      });
    } catch {
      // The broker is away: Courier shows the message as not sent, and the shop goes on.
    }
  };
  void (async () => {
    for (let sent = 0; sent < BURST; sent += 10) await Promise.all(Array.from({ length: 10 }, place));
    setInterval(() => void place(), EVERY_MS);
  })();
}
