import { expect, expectSound, isPhone, signIn, stacks, test, uniqueKey } from './console';

const [first] = stacks;
if (first) {
  test('a list is sorted by the heads of its columns, which stay in sight with the filters', async ({
    page,
  }) => {
    if (isPhone()) return;
    await signIn(page, first, '/groups');
    const lag = page.getByRole('columnheader', { name: 'Lag' });
    await lag.getByRole('button').click();
    await expect(page).toHaveURL(/[?&]sort=-lag/);
    await expect(lag).toHaveAttribute('aria-sort', 'descending');
    await lag.getByRole('button').click();
    await expect(lag).toHaveAttribute('aria-sort', 'ascending');
    const cells = await page.locator('tbody tr td:nth-child(5)').allInnerTexts();
    const lags = cells.map((text) => Number.parseInt(text.replaceAll(',', ''), 10));
    expect(lags).toEqual(lags.toSorted((a, b) => a - b));
    await lag.getByRole('button').click();
    await expect(lag).not.toHaveAttribute('aria-sort');
    await expect(page).not.toHaveURL(/[?&]sort=/);

    await page.setViewportSize({ width: 1024, height: 240 });
    await page.mouse.wheel(0, 400);
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    const filter = await page.getByRole('searchbox', { name: 'Group, topic' }).boundingBox();
    const head = await lag.boundingBox();
    expect(filter?.y).toBeGreaterThanOrEqual(48);
    expect(head?.y).toBeGreaterThanOrEqual((filter?.y ?? 0) + (filter?.height ?? 0));
    expect(head?.y).toBeLessThan(140);
    await expectSound(page);
  });

  test('rows are walked with keys, and Back leads to the row that was opened', async ({ page }) => {
    if (isPhone()) return;
    await signIn(page, first, '/groups');
    const rows = page.locator('tbody tr');
    await expect(rows.nth(2)).toBeVisible();
    await page.keyboard.press('j');
    await expect(rows.nth(0)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await expect(rows.nth(1)).toHaveAttribute('aria-selected', 'true');
    await expect(rows.nth(1)).toBeFocused();
    await expect(page.locator('tbody tr[tabindex="0"]')).toHaveCount(1);
    const name = await rows.nth(1).getByRole('link').first().innerText();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await page.goBack();
    const left = rows.filter({ has: page.getByRole('link', { name, exact: true }) });
    await expect(left).toBeFocused();
    await expect(left).toHaveAttribute('aria-selected', 'true');
  });

  test('with Shift, every row between two is selected', async ({ page }) => {
    if (isPhone()) return;
    const key = uniqueKey('shift');
    for (let index = 0; index < 4; index += 1) await first.shop('publish', key);
    await signIn(page, first, `/messages?key=${key}`);
    const boxes = page.getByRole('checkbox', { name: `Select ${key}` });
    await expect(async () => {
      await page.reload();
      await expect(boxes).toHaveCount(4, { timeout: 3_000 });
    }).toPass();
    await boxes.nth(0).click();
    await boxes.nth(3).click({ modifiers: ['Shift'] });
    for (let index = 0; index < 4; index += 1) await expect(boxes.nth(index)).toBeChecked();
    await boxes.nth(1).click();
    await boxes.nth(2).click({ modifiers: ['Shift'] });
    await expect(boxes.nth(1)).not.toBeChecked();
    await expect(boxes.nth(2)).not.toBeChecked();
    await expect(boxes.nth(3)).toBeChecked();
  });
}
