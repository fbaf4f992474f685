import type { GroupListRow } from '@/lib/domain/group-views';
import type { SearchAnswer } from '@/lib/domain/search-views';
import type { MessageList, MessageStory } from '@/lib/domain/views';
import { CourierError } from '@/lib/errors';

export interface ThingsToTry {
  sentence: string;
  things: { words: string; path: string }[];
}

const WAIT_MS = 60_000;
/** As demo/inventory.ts names it. */
const FIXED_RELEASE = '1.4.3';

/** Signs in as a person would and looks until each link shows what it promises. */
export async function findThingsToTry(url: string, password: string): Promise<ThingsToTry> {
  const get = await signIn(url, password);
  const began = Date.now();
  const deadline = began + WAIT_MS;
  for (;;) {
    const found = await look(get, began).catch((error: unknown) => {
      if (Date.now() > deadline) throw error;
      return null;
    });
    if (found) return found;
    if (Date.now() > deadline)
      throw new CourierError(
        'internal',
        'The shop did not get going within a minute; the lines above say why.',
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

type Get = <T>(path: string) => Promise<T>;

async function signIn(url: string, password: string): Promise<Get> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password }),
  });
  if (!response.ok) throw new CourierError('internal', `Signing in failed: ${await response.text()}`);
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async <T>(path: string) => {
    const answer = await fetch(`${url}${path}`, { headers: { cookie } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return (await answer.json()) as T;
  };
}

/** @returns null while something is still missing */
async function look(get: Get, began: number): Promise<ThingsToTry | null> {
  const failed = await get<MessageList>('/api/messages?status=HANDLE_FAIL&group=payment&limit=200');
  const inventory = await get<MessageList>('/api/messages?status=HANDLE_FAIL&group=inventory&limit=200');
  const { groups } = await get<{ groups: GroupListRow[] }>('/api/groups');
  const payment = failed.rows.find((row) => row.detail?.kind === 'gave_up');
  const gift = inventory.rows.find((row) => row.detail?.kind === 'gave_up');
  const analytics = groups.find((group) => group.name === 'analytics');
  if (!payment?.key || !gift || !analytics || !(await isFixed(get, began))) return null;
  const search = await get<SearchAnswer>(`/api/search?q=${encodeURIComponent(payment.key)}`);
  if (search.hits.length === 0) return null;
  const total = await get<MessageList>('/api/messages?limit=200');
  const failing = failed.rows.length + inventory.rows.length;
  return {
    sentence: `The shop has sent ${total.next ? 'over 200' : total.rows.length} messages; ${failing} fail; analytics is ${analytics.lag} behind.`,
    things: [
      {
        words: `Find an order: press / and type ${payment.key}`,
        path: `/messages?key=${encodeURIComponent(payment.key)}`,
      },
      { words: 'Why did this payment fail?', path: `/messages/${payment.id}` },
      { words: 'Watch analytics fall behind', path: '/groups/analytics?minutes=15' },
      { words: 'Retry what the inventory bug took (it is fixed)', path: `/messages/${gift.id}` },
    ],
  };
}

/** Whether the release that mends inventory handles messages in this run: before that, a retry would fail once more. */
async function isFixed(get: Get, began: number): Promise<boolean> {
  const handled = await get<MessageList>('/api/messages?status=HANDLED&group=inventory&limit=1');
  const [newest] = handled.rows;
  if (!newest) return false;
  const { deliveries } = await get<MessageStory>(`/api/messages/${newest.id}`);
  return deliveries.some(
    (one) => one.group === 'inventory' && one.release === FIXED_RELEASE && Date.parse(one.lastAt) > began,
  );
}
