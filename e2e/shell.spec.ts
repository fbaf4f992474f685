import type { Page } from '@playwright/test';
import { expect, expectSound, signIn, stacks, test, isPhone } from './console';

const [first] = stacks;
if (first) {
  test('a place to go to stays where it is while the page wakes up', async ({ page, browser }) => {
    await signIn(page, first);
    const awake = await placesOf(page);
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: page.viewportSize(),
      storageState: await page.context().storageState(),
    });
    const asleep = await context.newPage();
    await asleep.goto(first.at('/messages'));
    expect(await placesOf(asleep)).toEqual(awake);
    await context.close();
  });

  test('what was opened last stands in the empty search, however one came there', async ({ page }) => {
    const key = `opened-${Date.now().toString(36)}`;
    const sent = await first.shop<{ id: string }>('publish', key);
    await signIn(page, first, `/messages/${sent.id}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('OrderPaid');
    await page.goto(first.at(`/topics/${first.prefix}.orders`));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${first.prefix}.orders`);
    await page.goto(first.at(`/groups/${first.prefix}.payment`));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${first.prefix}.payment`);
    await page.keyboard.press('/');
    const recent = page.getByRole('option');
    await expect(recent.nth(0)).toContainText(`${first.prefix}.payment`);
    await expect(recent.nth(1)).toContainText(`${first.prefix}.orders`);
    await expect(recent.nth(2)).toContainText(`OrderPaid ${key}`);
    await recent.nth(2).click();
    await expect(page).toHaveURL(first.at(`/messages/${sent.id}`));
  });

  test('a menu is opened, walked and left with the keyboard, the first time as any other', async ({
    page,
  }) => {
    await signIn(page, first);
    const button = page.getByRole('button', { name: isPhone() ? 'More' : 'Language' });
    const items = page.getByRole('menuitem');
    await button.focus();
    for (let time = 0; time < 2; time += 1) {
      await page.keyboard.press('Enter');
      await expect(items.first()).toBeVisible();
      await expect(items.first()).toBeFocused();
      await page.keyboard.press('ArrowDown');
      await expect(items.nth(1)).toBeFocused();
      if (time === 0) await expectSound(page);
      await page.keyboard.press('Escape');
      await expect(items).toHaveCount(0);
      await expect(button).toBeFocused();
    }
  });

  test('the search does what is typed, where that is something to do', async ({ page }) => {
    await signIn(page, first);
    const html = page.locator('html');
    await expect(html).toHaveAttribute('data-mantine-color-scheme', 'light');
    await page.keyboard.press('/');
    const box = page.getByRole('combobox', { name: 'Search' });
    await box.fill('dark');
    const action = page.getByRole('group', { name: 'Actions' }).getByRole('option');
    await expect(action).toHaveText('Dark colours');
    await expectSound(page);
    await box.press('Enter');
    await expect(html).toHaveAttribute('data-mantine-color-scheme', 'dark');
    await page.keyboard.press('/');
    await box.fill('keys');
    await expect(action).toHaveText('Keys and words');
    await box.press('Enter');
    await expect(page.getByRole('dialog').filter({ hasText: 'Keys and words' })).toBeVisible();
  });
}

/** Where each place of the navigation can be pressed. */
async function placesOf(page: Page): Promise<string[]> {
  const links = page.getByRole('navigation', { name: 'Navigation' }).getByRole('link');
  await expect(links.first()).toBeVisible();
  return Promise.all(
    (await links.all()).map(async (link) => {
      const box = await link.boundingBox();
      if (!box) throw new Error('a link that is not seen');
      return [await link.getAttribute('href'), box.x, box.y, box.width, box.height].map(String).join(' ');
    }),
  );
}
