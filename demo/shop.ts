import { connect, type Courier } from '../lib/sdk';
import type { Connect } from './connect';
import { startAnalytics } from './analytics';
import { startInventory } from './inventory';
import { startNotification } from './notification';
import { startOrders } from './orders';
import { startPayment } from './payment';

/** A small shop of five services that use nothing but the SDK, and fail in interesting ways. */
const brokers = process.env.DEMO_BROKERS?.split(',').filter(Boolean) ?? [];
/** How to connect to them, by the names of Kafka's clients. */
const properties = JSON.parse(process.env.DEMO_PROPERTIES ?? '{}') as Record<string, string>;
/** Each service has a token of its own. */
const tokens = JSON.parse(process.env.DEMO_TOKENS ?? '{}') as Record<string, string>;
const open: Courier[] = [];

const connectAs: Connect = (service, release) => {
  const token = tokens[service];
  const courier = connect({
    service,
    release,
    ...(token === undefined ? {} : { token }),
    ...(brokers.length > 0 ? { brokers, properties } : {}),
  });
  open.push(courier);
  return courier;
};

const owner = connectAs('order-service', '3.9.0');
await owner.createTopics([
  { name: 'orders', partitions: 3 },
  { name: 'payments', partitions: 3 },
  { name: 'inventory', partitions: 3 },
]);
const payment = await startPayment(connectAs);
await Promise.all([startInventory(connectAs), startNotification(connectAs), startAnalytics(connectAs)]);
startOrders(owner);

process.on('message', (message) => {
  if (typeof message === 'object' && message && 'unplug' in message)
    void payment.unplug(Number(message.unplug));
});
const stop = () => {
  setTimeout(() => process.exit(0), 8_000).unref();
  void Promise.allSettled(open.map((courier) => courier.close())).then(() => process.exit(0));
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('disconnect', stop);
