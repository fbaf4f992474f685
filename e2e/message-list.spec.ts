import { brush, expect, expectSound, isPhone, signIn, stacks, test, uniqueKey } from './console';

const [first] = stacks;
if (first) {
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
    // A word of its own: other runs of this test have messages that fail too.
    const word = uniqueKey('picked-990');
    const keys = [1, 2, 3].map((n) => `${word}${n}`);
    for (const key of keys) await first.shop('publish', key);
    await signIn(page, first, `/messages?q=${word}&status=HANDLE_FAIL&group=${first.prefix}.payment`);
    const rows = page.getByRole('row').filter({ hasText: word });
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

  test('bars, sentence and rows of a filter add up, within a time and before it', async ({ page }) => {
    const key = uniqueKey('summed');
    for (let number = 0; number < 3; number += 1) await first.shop('publish', key);
    await signIn(page, first, `/messages?minutes=30&key=${key}`);
    const rows = page.getByRole('row').filter({ hasText: key });
    await expect(async () => {
      await page.reload();
      await expect(rows).toHaveCount(3, { timeout: 5_000 });
    }).toPass();
    const to = new Date(Math.ceil(Date.now() / 60_000) * 60_000).toISOString();
    const from = new Date(Date.parse(to) - 30 * 60_000).toISOString();
    const answer = await page.request.get(
      first.at(`/api/messages/histogram?key=${key}&from=${from}&to=${to}`),
    );
    const histogram = (await answer.json()) as { bars: Record<string, number[]> };
    const sum = Object.values(histogram.bars)
      .flat()
      .reduce((total, count) => total + count, 0);
    expect(sum).toBe(3);
    await expect(page.getByText('3 messages in 30 min')).toBeVisible();

    // The span is a filter like any other: it can be taken away, and the list is of all time then.
    const chip = page.getByRole('button', { name: 'Time last 30 min' });
    if (isPhone()) await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(chip).toBeVisible();
    await page.getByRole('button', { name: 'Remove filter Time' }).click();
    await expect(page).not.toHaveURL(/minutes=/);
    await expect(rows).toHaveCount(3);

    const now = new Date(Date.now() + 1_000).toISOString();
    await page.goto(first.at(`/messages?key=${key}&from=${now}`));
    await expect(page.getByText('no message in this time range · 3 older ones')).toBeVisible();
    await expectSound(page);
  });
}
