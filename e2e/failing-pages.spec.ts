import type { Page } from '@playwright/test';
import { LOCALE_COOKIE } from '@/lib/values/locale';
import { expect, expectSound, signIn, stacks, test } from './console';

// Notices above or in place of a page that cannot be shown. They are the same on each broker.
const [first] = stacks;

/** Lets the browser fail to load the parts of the console that it does not have yet. @returns how many were asked for */
async function withoutParts(page: Page, failures: number): Promise<() => number> {
  let asked = 0;
  await page.route('**/_next/static/chunks/**', (route) =>
    asked++ < failures ? route.abort() : route.continue(),
  );
  return () => asked;
}

if (first) {
  test('a page that fails: in our words and both languages, renewed by itself and by hand', async ({
    page,
    context,
  }) => {
    const spoil = () =>
      page.route(
        (url) => url.pathname === '/api/groups',
        (route) => route.fulfill({ json: { groups: 5, rows: 5 } }),
      );
    const row = page.getByRole('row').filter({ hasText: `${first.prefix}.payment` });
    await signIn(page, first, '/settings');
    await page.clock.install();
    await spoil();
    await page.goto(first.at('/groups'));
    await expect(page.getByRole('heading', { name: 'This page failed' })).toBeVisible();
    await expect(page.getByText('Nothing was changed by it.')).toBeVisible();
    await expectSound(page);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(row).toBeVisible();

    await context.addCookies([{ name: LOCALE_COOKIE, value: 'zh-CN', url: first.url }]);
    await spoil();
    await page.goto(first.at('/groups'));
    await expect(page.getByRole('heading', { name: '页面出错' })).toBeVisible();
    await expectSound(page);
    await page.unrouteAll();
    await page.clock.fastForward(10_000);
    await expect(row).toBeVisible();
  });

  test('a part that does not load is asked for once more, and then the page says why and keeps what was typed', async ({
    page,
  }) => {
    await signIn(page, first, '/groups');
    const field = page.getByRole('searchbox', { name: 'Group, topic' });
    await field.fill(first.prefix);
    await expect(page.getByRole('row').filter({ hasText: `${first.prefix}.payment` })).toBeVisible();
    await page.waitForLoadState('networkidle');
    const help = page.getByRole('dialog', { name: 'Keys and words' });
    const asked = await withoutParts(page, 1);
    await page.getByRole('main').click({ position: { x: 1, y: 1 } });
    await page.keyboard.press('?');
    await expect(help).toBeVisible();
    expect(asked()).toBeGreaterThan(1);
    await page.unrouteAll();

    await page.goto(first.at(`/groups?name=${first.prefix}`));
    await expect(page.getByRole('row').filter({ hasText: `${first.prefix}.payment` })).toBeVisible();
    await field.fill(`${first.prefix}.`);
    await page.waitForLoadState('networkidle');
    await withoutParts(page, Infinity);
    await page.getByRole('main').click({ position: { x: 1, y: 1 } });
    await page.keyboard.press('?');
    const updated = page.getByRole('status').filter({ hasText: 'Courier was updated.' });
    await expect(updated).toBeVisible();
    await expect(field).toHaveValue(`${first.prefix}.`);
    await expectSound(page);
    await page.unrouteAll();
    await updated.getByRole('button', { name: 'Reload' }).click();
    await expect(updated).toHaveCount(0);
    await expect(page.getByRole('row').filter({ hasText: `${first.prefix}.payment` })).toBeVisible();
  });

  test('the store goes away: an open page and a new one say so, and both come back by themselves', async ({
    page,
    context,
  }) => {
    await signIn(page, first, '/groups');
    const row = page.getByRole('row').filter({ hasText: `${first.prefix}.payment` });
    await expect(row).toBeVisible();
    const another = await context.newPage();
    await first.shop('store', 'away');
    try {
      const banner = (of: Page) => of.getByRole('status').filter({ hasText: /The tracking store/ });
      await expect(banner(page)).toBeVisible();
      await expect(row).toBeVisible();
      await another.goto(first.at('/groups'));
      await expect(another.getByRole('heading', { name: "This page can't be shown yet" })).toBeVisible();
      await expect(banner(another)).toBeVisible();
      await expectSound(another);
    } finally {
      await first.shop('store', 'there');
    }
    await expect(another.getByRole('row').filter({ hasText: `${first.prefix}.payment` })).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: /The tracking store/ })).toHaveCount(0);
    await another.close();
  });
}
