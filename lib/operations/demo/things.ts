import { z } from 'zod';
import type { DemoThing, DemoView } from '@/lib/contract/demo';
import type { FailureRow } from '@/lib/contract/failures';
import { failurePath } from '@/lib/contract/paths';
import { CourierError } from '@/lib/errors';
import { readFirstMinute, readMinutes } from '@/lib/store/minutes/read';
import { failuresNow } from '../failures/rows';
import { groupsNow } from '../groups/now';
import { getMessage } from '../messages/get';
import { listAllMessages } from '../messages/list';
import { searchMessages } from '../messages/search';
import { defineOperation, type Call } from '../operation';

/** As demo/inventory.ts names it: the release that handles what the one before it could not. */
const FIXED_RELEASE = '1.4.3';

/** What was found once: a person who did one of them must still see it to be ticked off. */
let found: DemoThing[] | null = null;

/** The five things to try in the demo, each read through the operation of its page, so that it holds. */
export const demoThings = defineOperation({
  name: 'demo.things',
  permission: 'messages.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<DemoView> {
    const began = call.settings.COURIER_DEMO;
    if (!began) throw new CourierError('not_found', 'This Courier is no demo: `npm run demo` starts one.');
    const [groups, failures] = await Promise.all([groupsNow(call), failuresNow(call)]);
    const analytics = groups.find((group) => group.name === 'analytics');
    found ??= analytics ? await findThings(call, failures, began) : null;
    return {
      published: await countPublished(call),
      failing: failures.reduce((sum, failure) => sum + failure.messages, 0),
      behind: analytics ? { group: analytics.name, lag: analytics.lag } : null,
      things: found,
    };
  },
});

/** @returns null while one of them would not show what it promises */
async function findThings(call: Call, failures: FailureRow[], began: string): Promise<DemoThing[] | null> {
  const payment = await newestGivenUp(call, 'payment');
  const bug = failures.find((failure) => failure.group === 'inventory' && failure.gaveUp > 0);
  if (!payment?.key || !bug || !(await isFixed(call, began)) || !(await isFound(call, payment.key)))
    return null;
  return [
    { step: 'find', href: `/messages?q=${encodeURIComponent(payment.key)}`, subject: payment.key },
    { step: 'why', href: `/messages/${payment.id}`, subject: 'payment' },
    { step: 'watch', href: '/groups/analytics', subject: 'analytics' },
    { step: 'retry', href: failurePath(bug), subject: 'inventory' },
    { step: 'plug', href: null, subject: 'payment' },
  ];
}

async function newestGivenUp(call: Call, group: string) {
  const { rows } = await listAllMessages.run(call, { group, status: ['HANDLE_FAIL'], limit: 200 });
  return rows.find((row) => row.detail?.kind === 'gave_up');
}

async function isFound(call: Call, key: string): Promise<boolean> {
  return (await searchMessages.run(call, { text: key })).hits.length > 0;
}

/** Whether the release that mends inventory handles messages since the demo began: before that, a retry would fail once more. */
async function isFixed(call: Call, began: string): Promise<boolean> {
  const { rows } = await listAllMessages.run(call, { group: 'inventory', status: ['HANDLED'], limit: 1 });
  const [newest] = rows;
  if (!newest) return false;
  const { deliveries } = await getMessage.run(call, { id: newest.id });
  return deliveries.some(
    (delivery) =>
      delivery.group === 'inventory' &&
      delivery.release === FIXED_RELEASE &&
      Date.parse(delivery.lastAt) > Date.parse(began),
  );
}

async function countPublished(call: Call): Promise<number> {
  const first = await readFirstMinute(call.store, call.cluster.id);
  if (!first) return 0;
  const counts = await readMinutes(call.store, call.cluster.id, first, call.now());
  return counts.reduce((sum, { what, count }) => sum + (what === 'published' ? count : 0), 0);
}
