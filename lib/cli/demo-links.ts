import type { DemoStep, DemoView } from '@/lib/contract/demo';
import { CourierError } from '@/lib/errors';

export interface ThingsToTry {
  sentence: string;
  things: { words: string; path: string }[];
}

const WAIT_MS = 60_000;

const WORDS: Record<DemoStep, (subject: string) => string> = {
  find: (key) => `Find an order: press / and type ${key}`,
  why: () => 'Why did this payment fail?',
  watch: (group) => `Watch ${group} fall behind`,
  retry: () => 'Retry what the inventory bug took (it is fixed)',
  plug: () => 'Pull the plug: press p',
};

/** Signs in as a person would and waits until each link shows what it promises. @param plug what pressing p does */
export async function findThingsToTry(url: string, password: string, plug: string): Promise<ThingsToTry> {
  const cookie = await signIn(url, password);
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const answer = await fetch(`${url}/api/demo`, { headers: { cookie } });
    const { published, failing, behind, things } = (
      answer.ok ? await answer.json() : {}
    ) as Partial<DemoView>;
    if (things) {
      const lag = behind && (behind.lag ?? 0) > 0 ? `; ${behind.group} is ${behind.lag ?? 0} behind` : '';
      return {
        sentence: `The shop has sent ${published ?? 0} messages; ${failing ?? 0} failed${lag}.`,
        things: things.map(({ step, href, subject }) => ({
          words: WORDS[step](subject),
          path: href ?? plug,
        })),
      };
    }
    if (Date.now() > deadline)
      throw new CourierError(
        'internal',
        'The shop did not get going within a minute; the lines above say why.',
      );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function signIn(url: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password }),
  });
  if (!response.ok) throw new CourierError('internal', `Signing in failed: ${await response.text()}`);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}
