import type { Locator, Page } from '@playwright/test';
import { expect, expectSound, openMenu, signIn, stacks, test } from './console';

interface Published {
  id: string;
  partition: number;
  offset: string;
}

const uniqueKey = (word: string) => `${word}-${Date.now().toString(36)}-${test.info().project.name}`;
const isPhone = () => test.info().project.name === 'phone';

/**
 * Chooses a part of a histogram, long ago, by dragging over it. On the phone a tap reads a step and chooses nothing.
 * @param minutes that the histogram shows
 */
async function brush(page: Page, histogram: Locator, minutes: number): Promise<void> {
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

// What is the same whatever the broker is proved on one; what asks the broker, on each.
const [first] = stacks;

for (const stack of stacks) {
  test.describe(`on ${stack.broker}`, () => {
    test('a whole failure is retried, and its outcomes add up', async ({ page }) => {
      await stack.shop('works', 'false');
      const keys = [uniqueKey('many-1'), uniqueKey('many-2')];
      for (const key of keys) await stack.shop('publish', key);
      await signIn(page, stack, '/failures');
      const failure = page.getByRole('row').filter({ hasText: `${stack.prefix}.payment` });
      await expect(failure).toContainText('RangeError');
      await expect(failure).toContainText('Gave up');
      await expectSound(page);
      await page.getByRole('link', { name: 'Dead-letter topics' }).click();
      const letters = page.getByRole('row').filter({ hasText: `courier.dlq.${stack.prefix}.payment` });
      await expect(letters).toContainText(/\d+ messages?/);
      if (!isPhone()) await expect(letters).toContainText('Courier SDK');
      await expectSound(page);
      await letters.getByRole('link', { name: /^\d+ messages?$/ }).click();
      await expect(page).toHaveURL(stack.at(`/groups/${stack.prefix}.payment/failures`));
      await expect(failure).toContainText('Gave up');
      await expectSound(page);
      await failure.getByRole('link', { name: 'RangeError' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('RangeError in');
      await expect(page.getByRole('list').filter({ hasText: 'stack.ts' })).toContainText('handle');
      await expect(page.getByText(/gave up, in/).first()).toBeVisible();
      await expectSound(page);
      await stack.shop('works', 'true');
      await page.getByRole('button', { name: /^Retry \d+ messages? to/ }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog).toContainText(`Only ${stack.prefix}.payment gets them`);
      await dialog.getByLabel('Reason').fill('the accounts have money');
      await expectSound(page);
      await dialog.getByRole('button', { name: /^Retry \d+ messages?$/ }).click();
      await expect(page).toHaveURL(/\/retries\/[0-9a-f-]{36}/);
      await expect(page.getByText(/are handled; all have ended|is handled; all have ended/)).toBeVisible();
      await expect(page.getByRole('region', { name: 'Items' })).not.toContainText('Sending');
      await expectSound(page);
      await page.goto(stack.at('/retries/ended'));
      await expect(page.getByText('the accounts have money').first()).toBeVisible();
      await expectSound(page);
      await stack.shop('works', 'false');
    });

    test('a topic is browsed, and a test message is sent and followed', async ({ page }) => {
      const topic = `${stack.prefix}.orders`;
      const sent = await stack.shop<Published>('publish', uniqueKey('browsed'));
      await signIn(page, stack, '/topics');
      await expect(page.getByRole('row').filter({ hasText: topic })).toBeVisible();
      await expectSound(page);
      await page.getByRole('link', { name: topic }).click();
      await expect(page.getByText(/^Kept \d+ d/)).toBeVisible();
      await expect(
        page.getByRole('row').filter({ hasText: `${sent.partition}/${sent.offset}` }),
      ).toBeVisible();
      await expectSound(page);
      const from = page.getByRole('radiogroup', { name: 'From' });
      await from.getByText('Offset').click();
      await page.getByRole('textbox', { name: 'Offset' }).fill(sent.offset);
      await page.getByRole('button', { name: 'Go', exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`offset=${sent.offset}`));
      await from.getByText('Newest').click();
      await page.getByRole('button', { name: 'Live' }).click();
      const live = uniqueKey('live');
      await stack.shop('publish', live);
      await expect(page.getByRole('row').filter({ hasText: live })).toBeVisible();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page
        .getByRole('navigation', { name: topic })
        .getByRole('link', { name: /^Groups/ })
        .click();
      await expect(page.getByRole('link', { name: `courier.retry.${stack.prefix}.payment` })).toBeVisible();
      await expectSound(page);
      await page.getByRole('button', { name: 'Publish a test message' }).click();
      const dialog = page.getByRole('dialog');
      const key = uniqueKey('test');
      await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill(key);
      await dialog.getByRole('textbox', { name: 'Type', exact: true }).fill('OrderPaid');
      await dialog.getByRole('textbox', { name: /Headers/ }).fill('tenant=a=b');
      await expectSound(page);
      await dialog.getByRole('button', { name: 'Publish' }).click();
      await expect(dialog.getByRole('status')).toContainText(`Sent: ${topic}/`);
      await dialog.getByRole('link', { name: 'Open its story' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('OrderPaid');
      await expect(page.getByRole('region', { name: 'Where is it?' })).toContainText(
        `${stack.prefix}.inventory`,
      );
    });
  });
}

if (first) {
  test('the overview says what needs a person and leads there', async ({ page }) => {
    await first.shop('works', 'false');
    await first.shop('publish', uniqueKey('needed'));
    await signIn(page, first, '/overview');
    await page.goto(first.at('/'));
    await expect(page).toHaveURL(first.at('/overview'));
    const needs = page.getByRole('region', { name: 'Needs a person' });
    await expect(needs.getByRole('listitem').filter({ hasText: `${first.prefix}.payment` })).toContainText(
      'RangeError',
    );
    await expect(page.getByText(/needs? you;/)).toBeVisible();
    await expectSound(page);
    const row = needs.getByRole('listitem').filter({ hasText: `${first.prefix}.payment` });
    // On the phone the whole row is the way.
    if (isPhone()) await row.click();
    else await row.getByRole('button', { name: 'Open failure' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('RangeError in');
  });

  test('words narrow each other in the palette, and lead on to the list', async ({ page, context }) => {
    // Parts of keys are found where they hold a digit.
    const part = String(Date.now());
    const key = `narrow-${part}-${test.info().project.name}`;
    await first.shop('publish', key);
    await signIn(page, first, '/overview');
    if (isPhone()) await page.getByRole('button', { name: 'Find' }).click();
    else await page.keyboard.press('/');
    const box = page.getByRole('combobox', { name: 'Search' });
    // As quickly as somebody who knows the way: before the field has the focus.
    if (!isPhone()) await page.keyboard.type(part);
    else {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.evaluate((text) => navigator.clipboard.writeText(` ${text}\n`), part);
      await page.getByRole('button', { name: 'Paste' }).click();
    }
    await expect(box).toHaveValue(part);
    await expect(page.getByRole('option').filter({ hasText: key })).toBeVisible();
    if (!isPhone()) await expect(page.getByText('read as part of a key')).toBeVisible();
    // The answer to fewer letters is still there while that to all of them is on its way: it must not be opened.
    let answer = () => undefined as void;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route(
      (url) => url.pathname === '/api/search' && url.searchParams.get('q') === key,
      (route) => held.then(() => route.continue()),
    );
    const asked = page.waitForRequest((request) => request.url().includes(`q=${key}`));
    await box.fill(key);
    await asked;
    await box.press('Enter');
    await expect(box).toHaveValue(key);
    await expect(page).toHaveURL(first.at('/overview'));
    answer();
    await page.unrouteAll({ behavior: 'wait' });
    // The Enter was not lost: the only message of that key opens as soon as the answer is there.
    await expect(page).toHaveURL(/\/messages\/[0-9a-f-]{36}/);
    if (isPhone()) await page.getByRole('button', { name: 'Find' }).click();
    else await page.keyboard.press('/');
    await box.fill(`${part} OrderPaid`);
    await expect(page.getByRole('option').filter({ hasText: key })).toBeVisible();
    await box.fill(`${part} no-such-word`);
    await expect(page.getByRole('option').filter({ hasText: key })).toHaveCount(0);
    await box.fill(`${first.prefix}.analytics`);
    await expect(page.getByRole('group', { name: 'Consumer groups' }).getByRole('option')).toBeVisible();
    await expectSound(page);
  });

  test('a retry that runs is seen on every page, and leads to itself', async ({ page }) => {
    const id = '01a1f000-0000-7000-8000-000000000001';
    const row = {
      id,
      operator: 'mei',
      reason: null,
      createdAt: new Date().toISOString(),
      endedAt: null,
      groups: ['payment'],
      states: { HANDLED: 3, SENT: 2, PENDING: 1 },
      total: 6,
    };
    await signIn(page, first, '/settings');
    // A real one is over before one has looked, so these two answers are made here.
    const answered = (path: string, json: object) =>
      page.route(
        (url) => url.pathname === path,
        (route) => route.fulfill({ json }),
      );
    await answered('/api/attention', { failures: 0, groups: 0, retries: 1 });
    await answered('/api/retries', { at: row.createdAt, rows: [row], next: null });
    for (const path of ['/messages', `/topics/${first.prefix}.orders`]) {
      await page.goto(first.at(path));
      await expect(page.getByRole('link', { name: '6 messages to payment' })).toBeVisible();
      await expectSound(page);
    }
    await page.getByRole('link', { name: '6 messages to payment' }).click();
    await expect(page).toHaveURL(first.at(`/retries/${id}`));
  });

  test('failures are narrowed by when they began and by group, and one of one message is retried in its row', async ({
    page,
  }) => {
    const group = `${first.prefix}.payment`;
    await first.shop('works', 'false');
    const key = uniqueKey('narrowed');
    const { id } = await first.shop<Published>('publish', key);
    // Of how many messages the failure is depends on what ran before; here it is of this one.
    await page.route(
      (url) => url.pathname === '/api/failures',
      async (route) => {
        const answer = (await (await route.fetch()).json()) as { rows: { group: string }[] };
        const rows = answer.rows.map((row) => (row.group === group ? { ...row, only: { id, key } } : row));
        await route.fulfill({ json: { ...answer, rows } });
      },
    );
    await signIn(page, first, `/failures?group=${group}`);
    const failure = page.getByRole('row').filter({ hasText: group });
    await expect(failure).toContainText('RangeError');
    if (!isPhone()) await expect(failure).toContainText(key);
    await expect(page.getByRole('button', { name: 'Remove filter Group' })).toBeVisible();
    await expectSound(page);
    const histogram = page.getByRole('img', { name: /Messages that began to fail/ });
    await brush(page, histogram, 360);
    await expect(page.getByRole('heading', { name: 'Nothing fits the filter' })).toBeVisible();
    await expectSound(page);
    await page.getByRole('button', { name: 'Began hides the most, remove it' }).click();
    await expect(failure).toContainText('RangeError');
    await expect(page).not.toHaveURL(/from=/);
    if (isPhone()) return;
    await failure.getByRole('button', { name: 'Retry', exact: true }).click();
    await first.shop('works', 'true');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(`Only ${group} gets it`);
    await dialog.getByRole('button', { name: `Retry to ${group}` }).click();
    await expect(dialog).toHaveCount(0);
    await page.goto(first.at(`/messages/${id}`));
    await expect(page.getByRole('region', { name: 'Where is it?' })).toContainText('3 of 3 deliveries');
    await first.shop('works', 'false');
  });

  test('messages are brushed, previewed and exported', async ({ page }) => {
    const key = uniqueKey('brushed');
    await first.shop('publish', key);
    // Of this one message alone: how many others there are, and when, depends on what ran before.
    await signIn(page, first, `/messages?minutes=30&key=${key}`);
    const histogram = page.getByRole('img', { name: /Messages by time and status/ });
    await expect(histogram).toBeVisible();
    await brush(page, histogram, 30);
    await expect(page.getByRole('heading', { name: 'No message fits these filters' })).toBeVisible();
    await expect(page.getByText(/more outside this time range/)).toBeVisible();
    await expectSound(page);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect(page.getByRole('row').filter({ hasText: key })).toBeVisible();
    if (!isPhone()) {
      await page.getByRole('button', { name: 'Preview' }).click();
      const preview = page.getByRole('complementary', { name: 'Preview' });
      await expect(preview.getByRole('region', { name: 'Where is it?' })).toBeVisible();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await expectSound(page);
    }
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'CSV of this filter' }).click();
    expect((await download).suggestedFilename()).toBe('messages.csv');
  });

  test('messages are selected in the list, and given again to the group that they fail in', async ({
    page,
  }) => {
    await first.shop('works', 'false');
    const keys = [1, 2, 3].map((n) => uniqueKey(`picked-990${n}`));
    for (const key of keys) await first.shop('publish', key);
    await signIn(page, first, `/messages?q=picked-990&status=HANDLE_FAIL&group=${first.prefix}.payment`);
    const rows = page.getByRole('row').filter({ hasText: 'picked-990' });
    await expect(async () => {
      await page.reload();
      await expect(rows).toHaveCount(3, { timeout: 5_000 });
    }).toPass();
    // The phone has no room for a selection; there a message is opened and given again by itself.
    await expect(page.getByRole('checkbox')).toHaveCount(isPhone() ? 0 : 4);
    if (isPhone()) return;
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await expect(page).toHaveURL(/[?&]row=[0-9a-f-]{36}/);
    await rows.nth(1).getByRole('checkbox').check();
    const bar = page.getByRole('region', { name: 'Selected messages' });
    await expect(bar).toContainText('2 messages selected');
    await expectSound(page);
    await first.shop('works', 'true');
    await bar.getByRole('button', { name: `Retry to ${first.prefix}.payment` }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Retry 2 messages to');
    // The keys of the list are not the dialog's: Enter sends, and opens no row behind it.
    await dialog.getByRole('button', { name: /^Retry 2 messages$/ }).press('Enter');
    await expect(page).toHaveURL(/\/retries\/[0-9a-f-]{36}/);
    await expect(page.getByText(/2 are handled; all have ended/)).toBeVisible();
    await first.shop('works', 'false');
  });

  test('settings tell what the broker answers, and make and end a token', async ({ page }) => {
    await signIn(page, first, '/settings');
    await expect(page.getByText('answered').first()).toBeVisible();
    for (const path of ['/api/groups', '/api/messages', '/api/failures', '/api/retries']) {
      const answer = await page.request.get(first.at(path));
      expect(await answer.json(), path).toMatchObject({ can: { retry: { allowed: true } } });
    }
    await expectSound(page);
    const tab = (name: string) =>
      page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true });
    for (const [name, words] of [
      ['Sources', 'Collector of facts'],
      ['Indexing', `${first.prefix}.orders`],
      ['Retention', 'kept 30 days'],
      ['Sessions', 'since'],
    ] as const) {
      await tab(name).click();
      await expect(page.getByRole('listitem').filter({ hasText: words }).first(), name).toBeVisible();
      await expectSound(page);
    }
    await tab('Tokens').click();
    const name = uniqueKey('service');
    await page.getByRole('textbox', { name: 'Service' }).fill(name);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await expect(page.getByText(/courier_[\w-]{43}/)).toBeVisible();
    const line = page.getByRole('listitem').filter({ hasText: name });
    const end = line.getByRole('button', { name: `End the token of ${name}` });
    await end.click();
    await expect(line).toContainText('Whoever uses it is refused at once.');
    await expectSound(page);
    await line.getByRole('button', { name: 'Keep it' }).click();
    await end.click();
    await line.getByRole('button', { name: 'End it' }).click();
    await expect(line).toContainText('ended');
    await page.reload();
    await expect(page.getByRole('listitem').filter({ hasText: name })).toContainText('ended');
    await expect(page.getByText(/courier_[\w-]{43}/)).toHaveCount(0);
  });

  test('the wide pages speak Chinese and fit the screen', async ({ page }) => {
    await signIn(page, first, '/overview');
    await openMenu(page, 'Language');
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    for (const [path, heading] of [
      ['/overview', '总览'],
      ['/topics', 'Topic'],
      ['/failures', '失败处理'],
      ['/retries', '重投任务'],
      ['/groups', '消费组'],
      ['/settings', '设置'],
      ['/settings/sources', '设置'],
      ['/settings/indexing', '设置'],
      ['/failures/dead-letter-topics', '失败处理'],
      ['/messages/not-sent', '消息'],
      [`/groups/${first.prefix}.payment/members`, first.prefix],
      [`/topics/${first.prefix}.orders/settings`, first.prefix],
    ] as const) {
      await page.goto(first.at(path));
      await expect(page.getByRole('heading', { level: 1 })).toContainText(heading);
      await page.waitForLoadState('networkidle');
      await expectSound(page);
    }
  });
}
