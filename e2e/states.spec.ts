import type { Page } from '@playwright/test';
import { expect, expectSound, signIn, signInByHand, stacks, test, type Console } from './console';
import { PASS_PHRASE } from './stack';

// Every state that a page may be in beside having what was asked for. What is the same on each broker is seen on one.
const [first] = stacks;
const uniqueKey = (word: string) => `${word}-${Date.now().toString(36)}`;

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
    await dialog.getByRole('button', { name: /^Retry to/ }).click();
    const card = page.getByRole('dialog', { name: 'Your session has ended' });
    await expect(card).toBeVisible();
    await expectSound(page);
    await card.getByLabel('Pass phrase', { exact: true }).fill(PASS_PHRASE);
    await card.getByRole('button', { name: 'Sign in' }).click();
    await expect(card).toHaveCount(0);
    await expect(dialog.getByLabel('Reason')).toHaveValue('a reason of many words');
    await dialog.getByRole('button', { name: /^Retry to/ }).click();
    await expect(page.getByText('Accepted.', { exact: false }).first()).toBeVisible();
  });

  test('filtered away: how many there are without, and what hides the most', async ({ page }) => {
    await first.shop('publish', uniqueKey('hidden'));
    await signIn(page, first, `/messages?type=OrderPaid&status=SEND_FAIL`);
    await expect(page.getByRole('heading', { name: 'No message fits these filters' })).toBeVisible();
    await expect(page.getByText(/Without the filters: [1-9]/)).toBeVisible();
    await expectSound(page);
    await page.getByRole('button', { name: 'Status hides the most, remove it' }).click();
    await expect(page.getByRole('row').filter({ hasText: 'OrderPaid' }).first()).toBeVisible();
  });

  test('outside the range: how many more there are, and all of them', async ({ page }) => {
    const key = uniqueKey('outside');
    await first.shop('publish', key);
    await signIn(page, first, `/messages?key=${key}`);
    await expect(page.getByRole('row').filter({ hasText: key })).toBeVisible();
    const [from, to] = [3_600_000, 1_800_000].map((ago) => new Date(Date.now() - ago).toISOString());
    await page.goto(first.at(`/messages?key=${key}&from=${from}&to=${to}`));
    await expect(page.getByRole('heading', { name: 'No message fits these filters' })).toBeVisible();
    await expect(page.getByText('1 more outside this time range.')).toBeVisible();
    await expectSound(page);
    await page.getByRole('button', { name: 'Show' }).click();
    await expect(page.getByRole('row').filter({ hasText: key })).toBeVisible();
  });

  test('truly none: that nothing fails, since when, and what is watched', async ({ page }) => {
    await signIn(page, first, '/settings');
    const healed = {
      group: 'inventory',
      error: 'StockConflict',
      messages: 4,
      attempts: 2,
      from: new Date(Date.now() - 60_000).toISOString(),
      to: new Date().toISOString(),
    };
    // The shop's own failures are other tests'; what is watched is real.
    const without = (path: string, none: object) =>
      page.route(
        (url) => url.pathname === path,
        async (route) => {
          const answer = (await (await route.fetch()).json()) as object;
          await route.fulfill({ json: { ...answer, ...none } });
        },
      );
    await without('/api/failures', { rows: [] });
    await without('/api/overview', { needs: [], more: 0, trying: [], blind: false, healed: [healed] });
    for (const path of ['/failures', '/overview']) {
      await page.goto(first.at(path));
      await expect(page.getByRole('heading', { name: 'Nothing is failing.' }), path).toBeVisible();
      await expect(page.getByRole('main'), path).toContainText(
        /Last failure: StockConflict in inventory, over since \d\d:\d\d:\d\d\. ?Watching [1-9]\d* consumer groups? and [1-9]\d* topics?; facts arrive/,
      );
      await expectSound(page);
    }
  });

  test('gone or never there: what was searched, and what looks like it', async ({ page }) => {
    const id = await failedMessage(first);
    await signIn(page, first, '/settings');
    const near = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
    await page.goto(first.at(`/messages/${near}`));
    await expect(page.getByRole('heading', { level: 1 })).toContainText('No message has the id');
    await expect(page.getByText(/Searched: every stored message since .* record index/)).toBeVisible();
    await expect(page.getByText(`Differs in one character: ${id}`)).toBeVisible();
    await expectSound(page);
    await page.goto(first.at('/messages/01800000-0000-7000-8000-000000000001'));
    await expect(page.getByText(/was removed by retention, so it may have been here/)).toBeVisible();
    for (const [path, words] of [
      ['/groups/nobody', 'There is no consumer group nobody'],
      ['/topics/nothing', 'There is no topic nothing'],
      ['/retries/01800000-0000-7000-8000-000000000001', 'There is no retry'],
      ['/failures/nobody/~/~', 'Nothing fails in nobody with this error now.'],
      ['/nowhere', 'There is no such page'],
    ] as const) {
      await page.goto(first.at(path));
      await expect(page.getByRole('heading', { level: 1 }), path).toContainText(words);
    }
  });

  test('nothing yet: what will be here, and what makes it so', async ({ page }) => {
    await signIn(page, first, '/settings');
    for (const [path, title, hint] of [
      ['/groups', 'No consumer group yet', 'within seconds of its first commit'],
      ['/topics', 'No topic yet', 'as soon as it exists on the broker'],
      ['/messages', 'No message yet', 'a service'],
      ['/retries', 'No retry runs', 'Start one from a message or from a failure'],
    ] as const) {
      await page.goto(`${first.url}${path}?cluster=away`);
      await expect(page.getByRole('heading', { name: title }), path).toBeVisible();
      await expect(page.getByRole('main'), path).toContainText(hint);
      await expectSound(page);
    }
  });

  test('silent: a group that is not measured any more has no data, and needs a look', async ({ page }) => {
    await signIn(page, first, '/settings');
    await page.goto(`${first.url}/groups?cluster=silent`);
    const row = page.getByRole('row').filter({ hasText: 'silent.billing' });
    await expect(row).toContainText('No data');
    await expect(row).toContainText(/Not measured since/);
    await expect(page.getByText('1 of 1 needs a look')).toBeVisible();
    await expectSound(page);
    await page.goto(`${first.url}/overview?cluster=silent`);
    await expect(page.getByText(/Courier can't see everything now/)).toBeVisible();
    await page.goto(`${first.url}/groups/silent.billing?cluster=silent`);
    await expect(page.getByRole('main')).toContainText('No data');
    await expectSound(page);
  });

  test('filtered away on a short list: how many there are without, and back to all', async ({ page }) => {
    await signIn(page, first, '/groups?name=no-such-group');
    await expect(page.getByRole('heading', { name: 'Nothing fits the filter' })).toBeVisible();
    await expect(page.getByText(/There (is|are) \d+ without it\./)).toBeVisible();
    await expectSound(page);
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await page.getByRole('searchbox', { name: 'Group, topic' }).fill(`${first.prefix}.payment`);
    await expect(page.getByRole('row').filter({ hasText: `${first.prefix}.payment` })).toBeVisible();
    await expect(page.getByRole('row').filter({ hasText: `${first.prefix}.analytics` })).toHaveCount(0);
    await expect(page).toHaveURL(/name=/);
  });

  test('not indexed: a search says which topics it leaves out, and leads to them', async ({ page }) => {
    const topic = `${first.prefix}.unread`;
    await first.shop('topic', topic);
    await signIn(page, first, '/settings');
    await expect
      .poll(async () => (await page.request.get(first.at(`/api/topics/${topic}`))).status(), {
        timeout: 30_000,
      })
      .toBe(200);
    await page.goto(first.at(`/topics/${topic}/settings`));
    await page.getByRole('switch', { name: 'Index this topic' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved')).toBeVisible();
    await page.goto(first.at('/messages/01a2007e-752e-7f22-bfb4-237120fd5f3e'));
    await expect(page.getByRole('main')).toContainText(/Not searched: \d+ topics? that/);
    await expectSound(page);
    await page.getByRole('link', { name: /Index/ }).click();
    await expect(page.getByRole('row').filter({ hasText: topic })).toContainText('no');
    await page.keyboard.press('/');
    await page.keyboard.type('nobody-knows-this');
    await expect(page.getByRole('dialog')).toContainText(/\d+ topics? that (is|are) not indexed/);
    await page.getByRole('dialog').getByRole('link', { name: 'Index them' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
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
