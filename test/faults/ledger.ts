import { randomBytes } from 'node:crypto';
import { headerOf, type Broker } from '@/lib/brokers/broker';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { buildContext, closeContext, type Actor, type Context } from '@/lib/context/context';
import { createRetry } from '@/lib/operations/retries/create';
import { reconcile } from '@/lib/engine/sending/reconcile';
import { sendDue } from '@/lib/engine/sending/send';
import { HEADER } from '@/lib/protocol/headers';
import { retryTopicOf } from '@/lib/protocol/topics';
import { putOperator } from '@/lib/store/operators/operators';
import { makePartitions } from '@/lib/store/schema/partitions';
import { readItems } from '@/lib/store/retries/items';
import { createTestDatabase } from '@/lib/testing/database';
import { makeFailedMessage, type FailedMessage } from '@/lib/testing/failed-message';

const TIMES = { leaseSeconds: 5, reconcileSeconds: 0 };
const MEI: Actor = { id: 1, name: 'mei', role: 'administrator' };

/** The ledger of retries on a database and topics of its own, driven step by step. */
export interface Ledger {
  context: Context;
  fail(): Promise<FailedMessage>;
  ask(message: FailedMessage, context?: Context): Promise<string | undefined>;
  /** One turn of the retry sender. @param broker through which it sends */
  send(broker?: Broker): Promise<void>;
  /** Reconciles uncertain items and sends due ones, until there are none. */
  settle(broker?: Broker): Promise<void>;
  /** How many copies of each message are on the retry topic. */
  copies(): Promise<Map<string, number>>;
  stateOf(message: FailedMessage): Promise<string>;
  close(): Promise<void>;
}

export async function openLedger(server: string, kafka: string): Promise<Ledger> {
  const database = await createTestDatabase(server);
  const settings = readSettings({
    COURIER_DATABASE_URL: database.url,
    COURIER_BROKERS: `kafka://${kafka}`,
    COURIER_REQUEST_TIMEOUT_SECONDS: '5',
  });
  const context = await buildContext(settings, database.url, createLog('silent'));
  await makePartitions(context.store, Date.now(), Date.now());
  await putOperator(context.store, {
    name: 'mei',
    folded: 'mei',
    passwordHash: 'none',
    role: 'administrator',
  });
  const topic = `faults-${randomBytes(4).toString('hex')}`;
  const group = `${topic}.group`;

  const ledger: Ledger = {
    context,
    fail: () => makeFailedMessage(context, topic, group),
    async ask(message, by = context) {
      const { items } = await createRetry.call(by, MEI, {
        selected: { messageId: message.id, groups: [group] },
      });
      return items[group];
    },
    async send(broker = context.broker) {
      await sendDue({ ...context, broker }, TIMES, () => undefined);
    },
    async settle(broker = context.broker) {
      for (;;) {
        await reconcile({ ...context, broker }, TIMES);
        await ledger.send(broker);
        const { rows } = await context.store.query(
          "SELECT 1 FROM retry_item WHERE state IN ('PENDING', 'SENDING', 'UNCERTAIN') LIMIT 1",
        );
        if (rows.length === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async copies() {
      const found = new Map<string, number>();
      for (const end of (await context.broker.logEnds([retryTopicOf(group)])).known) {
        for (let next = 0n; next < end.end;) {
          const [answer] = await context.broker.fetch([{ ...end, offset: next }], {
            maxBytes: 4_000_000,
            waitMs: 0,
          });
          for (const record of answer?.records ?? []) {
            const id = headerOf(record.headers, HEADER.id) ?? '';
            found.set(id, (found.get(id) ?? 0) + 1);
          }
          next = answer?.next ?? end.end;
        }
      }
      return found;
    },
    async stateOf(message) {
      return (await readItems(context.store, { messageId: message.id })).at(-1)?.state ?? 'none';
    },
    async close() {
      await closeContext(context);
      await database.drop();
    },
  };
  return ledger;
}
