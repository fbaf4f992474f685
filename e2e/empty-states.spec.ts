import { expect, expectSound, signIn, stacks, test, uniqueKey, type Console } from './console';

// The text of a page that has nothing to show, with the reason. Cases that are the same on each broker run on one.
const [first] = stacks;

async function failedMessage(stack: Console): Promise<string> {
  await stack.shop('works', 'false');
  return (await stack.shop<{ id: string }>('publish', uniqueKey('state'))).id;
}

if (first) {
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
          // A page that is left while it asks needs no answer.
          const answer = await route
            .fetch()
            .then((response) => response.json() as Promise<object>)
            .catch(() => null);
          if (answer === null) await route.abort().catch(() => undefined);
          else await route.fulfill({ json: { ...answer, ...none } });
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

  test('silent: a group that is not measured any more has no data, and is not known', async ({ page }) => {
    await signIn(page, first, '/settings');
    await page.goto(`${first.url}/groups?cluster=silent`);
    const row = page.getByRole('row').filter({ hasText: 'silent.billing' });
    await expect(row).toContainText('No data');
    await expect(row).toContainText(/Not measured since/);
    await expect(page.getByText('1 group: none needs a look, 1 not known.')).toBeVisible();
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
    await expect(page.getByRole('main')).toContainText(/Not searched: payload text, .*\d+ topics? that/);
    await expectSound(page);
    await page.getByRole('link', { name: /Index/ }).click();
    await expect(page.getByRole('row').filter({ hasText: topic })).toContainText('no');
    await page.keyboard.press('/');
    await page.keyboard.type('nobody-knows-this');
    await expect(page.getByRole('dialog')).toContainText(/\d+ topics? that (is|are) not indexed/);
    await page.getByRole('dialog').getByRole('link', { name: 'Index them' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
}
