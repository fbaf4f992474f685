import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { PASS_PHRASE, type StackAddress } from './stack';

/** One Courier to click on. */
export interface Console extends StackAddress {
  /** The address of a path of the console, on this cluster. */
  at(path: string): string;
  /** Does something in the shop behind it. */
  shop<T = unknown>(
    door: 'publish' | 'topic' | 'group' | 'works' | 'analytics' | 'store',
    value: string,
  ): Promise<T>;
}

const ofAllWorkers = JSON.parse(process.env.E2E_STACKS ?? '[]') as StackAddress[][];
const ofThisWorker = ofAllWorkers[Number(process.env.TEST_PARALLEL_INDEX ?? 0)] ?? [];

/** What this worker of Playwright clicks on: its own Courier, on a cluster of each broker. */
export const stacks: Console[] = ofThisWorker.map((stack) => ({
  ...stack,
  at: (path) => `${stack.url}${path}${path.includes('?') ? '&' : '?'}cluster=${stack.broker}`,
  async shop<T>(door: string, value: string) {
    const response = await fetch(`${stack.control}/${door}/${encodeURIComponent(value)}`);
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as T;
  },
}));

/** A page on which any violation of the Content-Security-Policy and any uncaught error fails the test. */
export const test = base.extend({
  page: async ({ page }, provide) => {
    const problems: string[] = [];
    page.on('console', (message) => {
      if (/Content.Security.Policy|Hydration|hydrat/i.test(message.text())) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await provide(page);
    expect(problems).toEqual([]);
  },
});

/** The same Courier, on a cluster whose facts no other test counts. */
export function onHostile(stack: Console): Console {
  const at = (path: string) => `${stack.url}${path}${path.includes('?') ? '&' : '?'}cluster=hostile`;
  return { ...stack, at };
}

/** Reports facts, as a service does. @param cluster of which they are; absent: the one that is clicked on */
export async function report(stack: Console, facts: object[], cluster: string = stack.broker): Promise<void> {
  const response = await fetch(`${stack.intake}/v1/facts`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stack.token}`,
      'content-type': 'application/json',
      'courier-cluster': cluster,
    },
    body: JSON.stringify({ v: 1, service: 'e2e', host: 'e2e', facts }),
  });
  expect(response.status, await response.text()).toBe(200);
}

/** Signs in by the card and goes on to the page. */
export async function signInByHand(page: Page, stack: Console, to = '/messages'): Promise<void> {
  await page.goto(stack.at(to));
  await page.getByLabel('Name').fill('mei');
  await page.getByLabel('Pass phrase', { exact: true }).fill(PASS_PHRASE);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await arrived(page, stack.at(to));
}

let session: Awaited<ReturnType<BrowserContext['cookies']>> = [];

/** Opens a page with the session of this worker, which is asked for once, without a browser. Who ends one signs in by hand. */
export async function signIn(page: Page, stack: Console, to = '/messages'): Promise<void> {
  if (session.length === 0) {
    const answer = await page.request.post(stack.at('/api/session'), {
      data: { name: 'mei', password: PASS_PHRASE },
      headers: { origin: stack.url },
    });
    expect(answer.status()).toBe(200);
    session = await page.context().cookies();
  }
  await page.context().addCookies(session);
  await page.goto(stack.at(to));
  await arrived(page, stack.at(to));
}

/** Opens the menu with the languages, the colours and the way out: on the phone all of them are under More. */
export async function openMenu(page: Page, name: 'Language' | 'Signed in as mei'): Promise<void> {
  await page.getByRole('button', { name: isPhone() ? 'More' : name }).click();
}

async function arrived(page: Page, url: string): Promise<void> {
  await expect(page).toHaveURL(url);
  await expectAwake(page);
}

/** Waits for hydration: input before it is lost. */
export async function expectAwake(page: Page): Promise<void> {
  await expect(page.locator('body > div[aria-busy]')).toHaveAttribute('aria-busy', 'false');
}

/** Whether this is the narrow screen. */
export function isPhone(): boolean {
  return test.info().project.name === 'phone';
}

/** A name that no other test has. */
export function uniqueKey(word: string): string {
  return `${word}-${Date.now().toString(36)}-${test.info().project.name}`;
}

/**
 * Chooses a part of a histogram, long ago, by dragging over it. On the phone a tap reads a step and chooses nothing.
 * @param minutes that the histogram shows
 */
export async function brush(page: Page, histogram: Locator, minutes: number): Promise<void> {
  const box = await histogram.boundingBox();
  if (!box) throw new Error('no histogram');
  if (isPhone()) {
    await histogram.tap({ position: { x: box.width * 0.3, y: 20 } });
    await expect(page.locator('main b').filter({ hasText: /^(\d+ \w+ )?\d\d:\d\d:\d\d$/ })).toBeVisible();
    expect(new URL(page.url()).searchParams.has('from')).toBe(false);
    const address = new URL(page.url());
    const ago = (part: number) => new Date(Date.now() - part * minutes * 60_000).toISOString();
    address.searchParams.set('from', ago(0.9));
    address.searchParams.set('to', ago(0.6));
    await page.goto(address.href);
    return;
  }
  await page.mouse.move(box.x + box.width * 0.1, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
}

const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

/** axe finds nothing, nothing is wider than the screen, and no button cuts its words off below. The themes have the same colours at each width: both once. */
export async function expectSound(page: Page): Promise<void> {
  for (const colorScheme of isPhone() ? (['light'] as const) : (['light', 'dark'] as const)) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // No page has frames, for which axe would open another page each time.
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    // What does not depend on colours is the same in both themes.
    const { violations } = await (colorScheme === 'light' ? axe : axe.withRules(COLOUR_RULES)).analyze();
    expect(
      violations.map(
        (violation) =>
          `${colorScheme} ${violation.id}: ${violation.nodes.map((node) => node.html).join(' | ')}`,
      ),
    ).toEqual([]);
  }
  const [content = 0, screen = 0] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content).toBeLessThanOrEqual(screen);
  const cut = await page
    .locator('.mantine-Button-label')
    .evaluateAll((labels) =>
      labels.filter((label) => label.scrollHeight > label.clientHeight).map((label) => label.textContent),
    );
  expect(cut, 'buttons whose words are cut off').toEqual([]);
}

export { expect };
