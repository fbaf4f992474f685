import type { Page } from '@playwright/test';
import { expect, expectSound, signIn, signInByHand, stacks, test, uniqueKey, type Console } from './console';
import { PASS_PHRASE } from './stack';

// Every state that a page may be in beside having what was asked for. What is the same on each broker is seen on one.
const [first] = stacks;

/** Lets the API answer something else than it would; the page is the real one. */
async function answering(page: Page, path: string, status: number, error: object): Promise<void> {
  await page.route(
    (url) => url.pathname === path,
    (route) => route.fulfill({ status, contentType: 'application/json', body: JSON.stringify({ error }) }),
  );
}

async function failedMessage(stack: Console): Promise<string> {
  await stack.shop('works', 'false');
  return (await stack.shop<{ id: string }>('publish', uniqueKey('state'))).id;
}

if (first) {
  test('counting: after two seconds it says what it waits for, and can be stopped', async ({ page }) => {
    await signIn(page, first, '/settings');
    let answers = 0;
    await page.route(
      (url) => url.pathname === '/api/overview',
      (route) => (answers++ === 0 ? undefined : route.continue()),
    );
    await page.goto(first.at('/overview'));
    await expect(page.getByText('Reading the overview takes longer than usual.')).toBeVisible();
    await expectSound(page);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByRole('heading', { name: 'Reading the overview was stopped' })).toBeVisible();
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  });

  test('stale: what was read stays, with its age and why', async ({ page }) => {
    await signIn(page, first, '/groups');
    const row = page.getByRole('row').filter({ hasText: `${first.prefix}.payment` });
    await expect(row).toBeVisible();
    await answering(page, '/api/groups', 503, {
      code: 'store_unreachable',
      message: 'The tracking store does not answer.',
    });
    await page.keyboard.press('r');
    const banner = page
      .getByRole('status')
      .filter({ hasText: /As of \d\d:\d\d:\d\d, \d+ s ago \(normally every 2 s\)\./ });
    await expect(banner).toContainText('The tracking store does not answer. It goes on by itself.');
    await expect(row).toBeVisible();
    await expectSound(page);
    await page.unrouteAll();
    await banner.getByRole('button', { name: 'Refresh' }).click();
    await expect(banner).toHaveCount(0);
  });

  test('above every page: offline, and the end of the session', async ({ page, context }) => {
    await signIn(page, first, '/groups');
    // What a page needs is there, so that it is the page that goes offline and not its loading.
    await expect(page.getByRole('row').filter({ hasText: `${first.prefix}.payment` })).toBeVisible();
    const notice = (text: string) => page.getByRole('status').filter({ hasText: text });
    await context.setOffline(true);
    await expect(notice('This browser is offline.')).toBeVisible();
    await expectSound(page);
    await context.setOffline(false);
    await expect(notice('This browser is offline.')).toHaveCount(0);
    const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
    await page.route(
      (url) => url.pathname === '/api/session',
      (route) => route.fulfill({ json: { name: 'x', idleEndsAt: inSeconds(40), expiresAt: inSeconds(900) } }),
    );
    await page.reload();
    const ends = notice('Nobody has done anything here for a while');
    await expect(ends).toBeVisible();
    await expectSound(page);
    await page.unrouteAll();
    await ends.getByRole('button', { name: 'Stay signed in' }).click();
    await expect(ends).toHaveCount(0);
  });

  test('doubt: what may have arrived is said so, and what Courier will not guess is decided by a person', async ({
    page,
  }) => {
    const id = '01a1fe79-f1db-7261-b0ae-31b7f0f0e700';
    const retry = {
      id,
      operator: 'mei',
      reason: null,
      createdAt: new Date().toISOString(),
      endedAt: null,
      groups: ['payment'],
      states: { HANDLED: 276, UNCERTAIN: 12, HELD: 3 },
      total: 291,
      at: new Date().toISOString(),
      targets: ['courier.retry.payment'],
      doubt: { topic: 'courier.retry.payment', from: '52310', at: new Date().toISOString() },
      skipped: [],
    };
    const decisions: unknown[] = [];
    await signIn(page, first, '/retries');
    await page.route(
      (url) => url.pathname.startsWith(`/api/retries/${id}`),
      async (route) => {
        const { pathname } = new URL(route.request().url());
        if (pathname.endsWith('/held')) {
          decisions.push(route.request().postDataJSON());
          Object.assign(retry.states, { HELD: 0, PENDING: 3 });
        }
        const body = pathname.endsWith('/items') ? { rows: [], next: null } : retry;
        await route.fulfill({ contentType: 'application/json', body: JSON.stringify(body) });
      },
    );
    await page.goto(first.at(`/retries/${id}`));
    const uncertain = page.getByRole('status').filter({ hasText: '12 uncertain.' });
    await expect(uncertain).toContainText(
      'They may or may not have arrived. Courier looks for them in courier.retry.payment from offset 52,310 on',
    );
    const held = page.getByRole('status').filter({ hasText: '3 need you.' });
    await expect(held).toContainText("can't be scanned, so Courier will not guess");
    await expectSound(page);
    await held.getByRole('button', { name: 'Send again' }).click();
    await expect(held).toHaveCount(0);
    expect(decisions).toEqual([{ decision: 'send_again' }]);
  });

  test('unknown error: what was not done, and a reference to copy', async ({ page }) => {
    await signIn(page, first, '/settings');
    await answering(page, '/api/failures', 500, {
      code: 'internal',
      message: 'Something failed inside Courier (reference 7F3KAA).',
      details: { reference: '7F3KAA' },
    });
    await page.goto(first.at('/failures'));
    await expect(
      page.getByText('Something failed inside Courier (reference 7F3KAA); nothing was changed.'),
    ).toBeVisible();
    await page.getByText('Details').first().click();
    await expect(page.getByRole('button', { name: 'Copy the details' })).toBeVisible();
    await expectSound(page);
  });

  test('not allowed: why, and who may', async ({ page }) => {
    await signIn(page, first, '/settings');
    await answering(page, `/api/groups/${first.prefix}.payment`, 403, {
      code: 'not_allowed',
      message: 'mei may not groups.get; allowed: administrator.',
      details: { who: ['administrator'] },
    });
    await page.goto(first.at(`/groups/${first.prefix}.payment`));
    await expect(page.getByRole('heading', { name: 'You have no access to this' })).toBeVisible();
    await expect(page.getByText('Those who may: administrator.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy link for them' })).toBeVisible();
    await expectSound(page);
  });

  test('conflict: both versions, and nobody wins by being last', async ({ page, browser }) => {
    const path = `/topics/${first.prefix}.orders/settings`;
    await signIn(page, first, path);
    const mine = page.getByRole('textbox', { name: 'Headers that count as ids' });
    await expect(mine).toBeVisible();
    const other = await browser.newPage();
    await signIn(other, first, path);
    const headers = uniqueKey('x-theirs');
    await other.getByRole('textbox', { name: 'Headers that count as ids' }).fill(headers);
    await other.getByRole('button', { name: 'Save' }).click();
    await expect(other.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
    await other.close();
    await mine.fill('x-mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const conflict = page.getByRole('alert').filter({ hasText: 'mei changed this at' });
    await expect(conflict).toContainText('Nothing of yours was saved.');
    await expect(conflict).toContainText(headers);
    await expect(mine).toHaveValue('x-mine');
    await expectSound(page);
    await conflict.getByRole('button', { name: 'Take theirs' }).click();
    await expect(mine).toHaveValue(headers);
    await mine.fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible();
    // What one saved oneself, a name given twice included, is no conflict with what one saves next.
    for (const text of ['x-once\nx-once', '']) {
      await mine.fill(text);
      const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      expect((await saved).status()).toBe(200);
    }
  });

  test('signed out while typing: sign in over the page, and the text is still there', async ({ page }) => {
    const id = await failedMessage(first);
    await signInByHand(page, first, `/messages/${id}`);
    await page
      .getByRole('button', { name: `Retry to ${first.prefix}.payment` })
      .first()
      .click();
    const dialog = page.getByRole('dialog').filter({ hasText: 'Reason' });
    await dialog.getByLabel('Reason').fill('a reason of many words');
    await expect(dialog.getByRole('button', { name: /^Retry to/ })).toBeEnabled();
    await page.request.delete(first.at('/api/session'), { data: {}, headers: { origin: first.url } });
    const card = page.getByRole('dialog', { name: 'Your session has ended' });
    // The page may notice it by itself before the press, and then the card is over the button.
    await expect(async () => {
      if (!(await card.isVisible()))
        await dialog.getByRole('button', { name: /^Retry to/ }).click({ timeout: 1_000 });
      await expect(card).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expectSound(page);
    await card.getByLabel('Pass phrase', { exact: true }).fill(PASS_PHRASE);
    await card.getByRole('button', { name: 'Sign in' }).click();
    await expect(card).toHaveCount(0);
    await expect(dialog.getByLabel('Reason')).toHaveValue('a reason of many words');
    await dialog.getByRole('button', { name: /^Retry to/ }).click();
    await expect(page.getByText('Accepted.', { exact: false }).first()).toBeVisible();
  });

  test('partly failed: one banner for the cluster, and what is stored can still be read', async ({
    page,
  }) => {
    await signIn(page, first, '/settings');
    await first.shop('publish', uniqueKey('stored'));
    await page.goto(`${first.url}/messages?cluster=away`);
    const banner = page.getByRole('status').filter({ hasText: /away does not answer since \d\d:\d\d:\d\d/ });
    await expect(banner).toContainText('127.0.0.1:9');
    await expect(banner).toContainText('Searching and reading stored messages works');
    await expect(page.getByRole('heading', { name: 'No message yet' })).toBeVisible();
    await expectSound(page);
    await page.goto(`${first.url}/failures?cluster=away`);
    await expect(page.getByText("No failure known, but Courier can't see everything:")).toBeVisible();
    await page.goto(`${first.url}/overview?cluster=away`);
    await expect(page.getByText(/Courier can't see everything now/)).toBeVisible();
    await expect(page.getByText('Nothing needs you')).toHaveCount(0);
    await page.goto(first.at('/messages'));
    await expect(page.getByRole('row').first()).toBeVisible();
    await expect(banner).toHaveCount(0);
  });

  test('refreshing is a choice, and keys and words are explained', async ({ page }) => {
    await signIn(page, first, '/groups');
    await page.getByRole('button', { name: /Choose how often/ }).click();
    await page.getByRole('menuitem', { name: 'Off' }).click();
    await expect(page.getByRole('button', { name: /not by itself/ })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    let asked = 0;
    page.on('request', (request) => (asked += new URL(request.url()).pathname === '/api/groups' ? 1 : 0));
    // What would have asked by now has been asked: the badge's own question comes every ten seconds.
    await page.waitForRequest((request) => request.url().includes('/api/attention'), { timeout: 30_000 });
    expect(asked).toBe(0);
    await page.keyboard.press('r');
    await expect.poll(() => asked).toBe(1);
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys and words' });
    await expect(help).toContainText('Each try of a delivery is an attempt.');
    await expectSound(page);
  });
}
