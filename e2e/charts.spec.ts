import { expect, expectSound, isPhone, signIn, stacks, test, uniqueKey } from './console';

const [first] = stacks;
if (first) {
  test('a chart is read and zoomed with keys, by fields and as a table', async ({ page }) => {
    if (isPhone()) return;
    await first.shop('publish', uniqueKey('charted'));
    await signIn(page, first, `/groups/${encodeURIComponent(`${first.prefix}.payment`)}?minutes=15`);
    const chart = page.getByRole('application', { name: /Lag over time/ }).first();
    await expect(chart).toBeVisible();
    await chart.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await expect(chart.getByText(/^\d\d:\d\d(:\d\d)? · /)).toBeVisible();
    await expectSound(page);
    for (let step = 0; step < 20; step += 1) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/[?&]from=2\d\d\d-.*[?&]to=2\d\d\d-/);
    const [, from = ''] = /[?&]from=([^&]+)/.exec(page.url()) ?? [];

    const time = page.getByRole('button', { name: /^Time/ });
    await time.click();
    const begin = page.getByLabel('From (UTC)');
    // A browser leaves the seconds out of the field where they are zero.
    const atSecond = decodeURIComponent(from).slice(0, 19).replace(/:00$/, '(:00)?');
    await expect(begin).toHaveValue(new RegExp(`^${atSecond}$`));
    const earlier = new Date(Date.parse(decodeURIComponent(from)) - 120_000).toISOString();
    await begin.fill(earlier.slice(0, 19).replace(/:00$/, ''));
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page).toHaveURL(
      new RegExp(encodeURIComponent(earlier).replaceAll('.', '\\.') + '|' + earlier),
    );

    await page.getByRole('button', { name: 'As a table' }).first().click();
    const table = page.getByRole('region', { name: 'As a table' });
    await expect(table.getByRole('row').nth(2)).toBeVisible();
    await expectSound(page);
    await page.getByRole('button', { name: 'As a chart' }).click();
    await expect(chart).toBeVisible();
  });
}
