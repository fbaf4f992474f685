import {
  expect,
  expectSound,
  openMenu,
  signIn,
  signInByHand,
  stacks,
  test,
  isPhone,
  uniqueKey,
} from './console';

interface Published {
  id: string;
  partition: number;
  offset: string;
}

test('there is at least one Courier to click on', () => {
  expect(stacks.length).toBeGreaterThan(0);
  if (process.env.CI) expect(stacks.map((stack) => stack.broker)).toEqual(['embedded', 'kafka']);
});

for (const stack of stacks) {
  test.describe(`on ${stack.broker}`, () => {
    test('a message is found by its id and its story is read', async ({ page }) => {
      const key = uniqueKey('found');
      await stack.shop('works', 'false');
      const sent = await stack.shop<Published>('publish', key);
      await signIn(page, stack);
      if (isPhone()) await page.getByRole('button', { name: 'Find' }).click();
      else await page.keyboard.press('/');
      const box = page.getByRole('combobox', { name: 'Search' });
      await box.fill(sent.id);
      const hit = page.getByRole('option').filter({ hasText: key });
      await expect(hit).toBeVisible();
      await expectSound(page);
      await box.press('Enter');
      await expect(page).toHaveURL(stack.at(`/messages/${sent.id}`));
      await expect(page.getByRole('heading', { level: 1 })).toContainText('OrderPaid');
      const where = page.getByRole('region', { name: 'Where is it?' });
      await expect(where).toContainText(/Failed 2 times.*RangeError.*balance 12.40 < 99.*courier\.dlq/s);
      await expect(where).toContainText(`partition ${sent.partition}, offset ${sent.offset}`);
      await expect(where).toContainText('Handled');
      await expect(where).toContainText(`${stack.prefix}.inventory`);
      await expect(page.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
      await expect(
        page.getByText(`the broker, ${stack.prefix}.orders/${sent.partition}/${sent.offset}`),
      ).toBeVisible();
      await page.getByRole('tab', { name: 'Headers' }).click();
      await expect(page.getByText('courier-producer-id')).toBeVisible();
      await expectSound(page);
    });

    test("a message is found by its key, the sender's own id, its position and its id in short", async ({
      page,
    }) => {
      const key = uniqueKey('many');
      const sent = await stack.shop<Published>('publish', key);
      await signIn(page, stack);
      const place = `${stack.prefix}.orders/${sent.partition}/${sent.offset}`;
      const short = `${sent.id.slice(0, 4)}…${sent.id.slice(-8)}`;
      for (const text of [key, `shop-${key}`, place, short]) {
        await page.keyboard.press('ControlOrMeta+k');
        await page.getByRole('combobox', { name: 'Search' }).fill(text);
        await expect(page.getByRole('option').filter({ hasText: key })).toBeVisible();
        await page.keyboard.press('Escape');
      }
    });

    test('a failed message is followed from the list to its stack', async ({ page }) => {
      const key = uniqueKey('followed');
      await stack.shop('works', 'false');
      await stack.shop('publish', key);
      await signIn(page, stack, `/messages?key=${key}&group=${stack.prefix}.payment`);
      const row = page.getByRole('row').filter({ hasText: key });
      await expect(async () => {
        await page.reload();
        await expect(row).toContainText('Handler failed', { timeout: 5_000 });
      }).toPass();
      await expect(row).toContainText('RangeError');
      await expectSound(page);
      await row.getByRole('link').click();
      await page.getByRole('tab', { name: 'Attempts' }).click();
      await page.getByRole('tabpanel').getByRole('button', { name: 'Show stack' }).first().click();
      await expect(page.getByRole('tabpanel')).toContainText('RangeError: balance 12.40 < 99');
    });

    test('a failed message is retried with a click, only to its group, and becomes handled', async ({
      page,
    }) => {
      const key = uniqueKey('retried');
      await stack.shop('works', 'false');
      const sent = await stack.shop<Published>('publish', key);
      await signIn(page, stack);
      await page.goto(stack.at(`/messages/${sent.id}`));
      const where = page.getByRole('region', { name: 'Where is it?' });
      await expect(where).toContainText('Gave up');
      await stack.shop('works', 'true');
      await page.getByRole('button', { name: `Retry to ${stack.prefix}.payment` }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog).toContainText(
        `Only ${stack.prefix}.payment gets it, through courier.retry.${stack.prefix}.payment.`,
      );
      await expectSound(page);
      await dialog.getByLabel('Reason').fill('the account has money');
      await dialog.getByRole('button', { name: `Retry to ${stack.prefix}.payment` }).dblclick();
      await expect(where).toContainText(/2 groups|3 groups/);
      await expect(where).toContainText(
        /Failed (once|twice|\d+ times), was retried by .* at .*, and was handled at/,
      );
      await page.getByRole('tab', { name: 'Retries' }).click();
      const panel = page.getByRole('tabpanel');
      await expect(panel).toContainText('Handled');
      await expect(panel).toContainText('the account has money');
      await expect(panel.getByRole('listitem')).toHaveCount(1);
      await expectSound(page);
      await stack.shop('works', 'false');
    });

    test("a group that stops falls behind before one's eyes, in number and in the chart", async ({
      page,
    }) => {
      await stack.shop('analytics', 'read');
      await stack.shop('publish', uniqueKey('lag'));
      await signIn(page, stack, '/groups');
      await expect(page.getByRole('row').filter({ hasText: `${stack.prefix}.analytics` })).toBeVisible();
      await expectSound(page);
      try {
        await stack.shop('analytics', 'stop');
        await stack.shop('publish', uniqueKey('unread'));
        await page.goto(stack.at(`/groups/${stack.prefix}.analytics?minutes=15&view=topics`));
        await expect(page.locator('[data-verdict="no_members"]').first()).toBeVisible();
        const legend = page.getByRole('button', { name: `${stack.prefix}.orders` }).first();
        await expect(legend).toBeVisible();
        const lagNow = async () => Number((await legend.innerText()).split(/\s+/).at(-1));
        const before = await lagNow();
        for (let n = 0; n < 3; n += 1) await stack.shop('publish', uniqueKey(`lag${n}`));
        await expect.poll(lagNow).toBeGreaterThanOrEqual(before + 3);
        await expect(page.locator('.recharts-line-curve').first()).toBeVisible();
        await expectSound(page);
        await page.getByRole('button', { name: 'As a table' }).first().click();
        await expect(page.getByRole('columnheader', { name: 'Time' })).toBeVisible();

        // Where that is intended, the group needs no attention for it.
        await page.getByRole('button', { name: 'Expect no members' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('On a schedule').check();
        await expect(dialog.getByLabel('Time zone')).not.toHaveValue('');
        await expectSound(page);
        await dialog.getByLabel('Until a time').check();
        await dialog.getByLabel('Note (optional)').fill('moves house');
        await dialog.getByRole('button', { name: 'Save' }).click();
        await expect(dialog).toHaveCount(0);
        await expect(page.getByText(/Expected to have no members until .*moves house/).first()).toBeVisible();
        await expectSound(page);
        await page.goto(stack.at('/groups?standing=well'));
        const row = page.getByRole('row').filter({ hasText: `${stack.prefix}.analytics` });
        await expect(row).toContainText('Expected to have no members');
        await page.goto(stack.at(`/groups/${stack.prefix}.analytics`));
        await page.getByRole('button', { name: 'End', exact: true }).click();
        await expect(page.getByRole('button', { name: 'Expect no members' })).toBeVisible();
      } finally {
        await stack.shop('analytics', 'read');
      }
    });

    test('another cluster is chosen, and pages stay on it', async ({ page }) => {
      test.skip(stacks.length < 2, 'needs two clusters');
      const other = stacks.find((item) => item !== stack) ?? stack;
      await signIn(page, stack);
      await page.getByRole('button', { name: `Cluster ${stack.broker}` }).click();
      await page.getByRole('menuitem', { name: other.broker }).click();
      await expect(page).toHaveURL(other.at('/messages'));
      if (isPhone()) await page.getByRole('navigation').getByRole('link', { name: 'Groups' }).click();
      else await page.getByRole('link', { name: 'Consumer groups' }).click();
      await expect(page).toHaveURL(other.at('/groups'));
      await expect(page.getByRole('link', { name: `${other.prefix}.payment` })).toBeVisible();
      await expect(page.getByRole('link', { name: `${stack.prefix}.payment` })).toHaveCount(0);
    });
  });
}

// What is the same whatever the broker is proved on one.
const [stack] = stacks;
if (stack) {
  test('sign-in is refused with a wrong pass phrase and leads on with the right one', async ({ page }) => {
    await page.goto(stack.at(`/groups`));
    await expect(page).toHaveURL(/sign-in\?to=%2Fgroups%3Fcluster%3D/);
    await page.getByLabel('Name').fill('mei');
    await page.getByLabel('Pass phrase', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'wrong' })).toHaveText(
      'Name or pass phrase is wrong.',
    );
    await expectSound(page);
    await signInByHand(page, stack, '/groups');
    await expect(page.getByRole('heading', { name: 'Consumer groups' })).toBeVisible();
  });

  test('what is not there is said with what was searched', async ({ page }) => {
    await signIn(page, stack);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Search' }).fill('no-such-order');
    await expect(page.getByText('Nothing is known as “no-such-order”.')).toBeVisible();
    await expect(
      page.getByText(
        /Searched keys, whole, by their parts with a digit, and by their beginning, senders' ids, trace ids/,
      ),
    ).toBeVisible();
    await page.goto(stack.at(`/messages/01a1fe79-f1db-7261-b0ae-31b7f0f0e700`));
    await expect(page.getByRole('heading', { name: /No message has the id/ })).toBeVisible();
    await expectSound(page);
    const sent = await stack.shop<Published>('publish', uniqueKey('near'));
    const mistyped = sent.id.slice(0, -1) + (sent.id.endsWith('0') ? '1' : '0');
    await page.goto(stack.at(`/messages/${mistyped}`));
    await expect(page.getByRole('link', { name: sent.id })).toBeVisible();
    await page.goto(stack.at(`/groups/nobody`));
    await expect(page.getByRole('heading', { name: 'There is no consumer group nobody' })).toBeVisible();
    await page.goto(stack.at(`/messages?key=nothing&status=HANDLE_FAIL`));
    await expect(page.getByRole('heading', { name: 'No message fits these filters' })).toBeVisible();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect(page).toHaveURL(stack.at('/messages'));
  });

  test('the console speaks Chinese', async ({ page }) => {
    const sent = await stack.shop<Published>('publish', uniqueKey('zh'));
    await signIn(page, stack);
    await openMenu(page, 'Language');
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await expect(page.getByRole('heading', { name: '消息' })).toBeVisible();
    await page.goto(stack.at(`/messages/${sent.id}`));
    await expect(page.getByRole('heading', { name: '消息到哪了？' })).toBeVisible();
    await expect(page.getByRole('region', { name: '消息到哪了？' })).toContainText('已发送');
    await expectSound(page);
  });

  test('signing out ends the session', async ({ page }) => {
    await signInByHand(page, stack);
    const cookies = await page.context().cookies();
    // The menu that was pressed is gone before the answer comes.
    await page.route(
      (url) => url.pathname === '/api/session',
      async (route) => {
        // The page asks from time to time when its session ends.
        if (route.request().method() !== 'DELETE') return route.continue();
        const answer = await route.fetch();
        await expect(page.getByRole('menuitem', { name: 'Sign out' })).toHaveCount(0);
        await route.fulfill({ response: answer });
      },
    );
    await openMenu(page, 'Signed in as mei');
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page).toHaveURL(/sign-in/);
    await page.context().addCookies(cookies);
    const answer = await page.request.get(`${stack.url}/api/messages`);
    expect(answer.status()).toBe(401);
    expect(answer.headers()).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });
}
