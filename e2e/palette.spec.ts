import { expect, expectSound, isPhone, signIn, stacks, test, uniqueKey } from './console';

const [first] = stacks;
if (first) {
  test('words narrow each other in the palette, and lead on to the list', async ({ page, context }) => {
    // Parts of keys are found where they hold a digit.
    const part = String(Date.now());
    const key = `narrow-${part}-${test.info().project.name}`;
    await first.shop('publish', key);
    await signIn(page, first, '/overview');
    if (isPhone()) await page.getByRole('button', { name: 'Find' }).click();
    else await page.keyboard.press('/');
    const box = page.getByRole('combobox', { name: 'Search' });
    // As quickly as an experienced operator: before the field has the focus.
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

  test('what was not known is found once it is there, without another key', async ({ page }) => {
    const key = uniqueKey('later');
    await signIn(page, first);
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Search' }).fill(key);
    await expect(page.getByText(`Nothing is known as “${key}”.`)).toBeVisible();
    await first.shop('publish', key);
    await expect(page.getByRole('option').filter({ hasText: key })).toBeVisible();
  });
}
