import { brush, expect, expectSound, isPhone, signIn, stacks, test, uniqueKey } from './console';

interface Published {
  id: string;
  partition: number;
  offset: string;
}

for (const stack of stacks) {
  test.describe(`on ${stack.broker}`, () => {
    test('a whole failure is retried, and its outcomes add up', async ({ page }) => {
      await stack.shop('works', 'false');
      const keys = [uniqueKey('many-1'), uniqueKey('many-2')];
      for (const key of keys) await stack.shop('publish', key);
      await signIn(page, stack, '/failures');
      const failure = page.getByRole('row').filter({ hasText: `${stack.prefix}.payment` });
      await expect(failure).toContainText('RangeError');
      await expect(failure).toContainText('Gave up');
      await expectSound(page);
      await page.getByRole('link', { name: 'Dead-letter topics' }).click();
      const letters = page.getByRole('row').filter({ hasText: `courier.dlq.${stack.prefix}.payment` });
      await expect(letters).toContainText(/\d+ messages?/);
      if (!isPhone()) await expect(letters).toContainText('Courier SDK');
      await expectSound(page);
      await letters.getByRole('link', { name: /^\d+ messages?$/ }).click();
      await expect(page).toHaveURL(stack.at(`/groups/${stack.prefix}.payment/failures`));
      await expect(failure).toContainText('Gave up');
      await expectSound(page);
      await failure.getByRole('link', { name: 'RangeError' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('RangeError in');
      await expect(page.getByRole('list').filter({ hasText: 'stack.ts' })).toContainText('handle');
      await expect(page.getByText(/gave up, in/).first()).toBeVisible();
      await expectSound(page);
      await stack.shop('works', 'true');
      await page.getByRole('button', { name: /^Retry \d+ messages? to/ }).click();
      const dialog = page.getByRole('dialog');
      await expect(dialog).toContainText(`Only ${stack.prefix}.payment gets them`);
      await dialog.getByLabel('Reason').fill('the accounts have money');
      await expectSound(page);
      await dialog.getByRole('button', { name: /^Retry \d+ messages?$/ }).click();
      await expect(page).toHaveURL(/\/retries\/[0-9a-f-]{36}/);
      await expect(page.getByText(/are handled; all have ended|is handled; all have ended/)).toBeVisible();
      await expect(page.getByRole('region', { name: 'Items' })).not.toContainText('Sending');
      await expectSound(page);
      await page.goto(stack.at('/retries/ended'));
      await expect(page.getByText('the accounts have money').first()).toBeVisible();
      await expectSound(page);
      await stack.shop('works', 'false');
    });
  });
}

const [first] = stacks;
if (first) {
  test('failures are narrowed by when they began and by group, and one of one message is retried in its row', async ({
    page,
  }) => {
    const group = `${first.prefix}.payment`;
    await first.shop('works', 'false');
    const key = uniqueKey('narrowed');
    const { id } = await first.shop<Published>('publish', key);
    // Of how many messages the failure is depends on what ran before; here it is of this one.
    await page.route(
      (url) => url.pathname === '/api/failures',
      async (route) => {
        const answer = (await (await route.fetch()).json()) as { rows: { group: string }[] };
        const rows = answer.rows.map((row) => (row.group === group ? { ...row, only: { id, key } } : row));
        await route.fulfill({ json: { ...answer, rows } });
      },
    );
    await signIn(page, first, `/failures?group=${group}`);
    const failure = page.getByRole('row').filter({ hasText: group });
    await expect(failure).toContainText('RangeError');
    if (!isPhone()) await expect(failure).toContainText(key);
    await expect(page.getByRole('button', { name: 'Remove filter Group' })).toBeVisible();
    await expectSound(page);
    const histogram = page.getByRole('img', { name: /Messages that began to fail/ });
    await brush(page, histogram, 360);
    await expect(page.getByRole('heading', { name: 'Nothing fits the filter' })).toBeVisible();
    await expectSound(page);
    await page.getByRole('button', { name: 'Began hides the most, remove it' }).click();
    await expect(failure).toContainText('RangeError');
    await expect(page).not.toHaveURL(/from=/);
    if (isPhone()) return;
    await failure.getByRole('button', { name: 'Retry', exact: true }).click();
    await first.shop('works', 'true');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText(`Only ${group} gets it`);
    await dialog.getByRole('button', { name: `Retry to ${group}` }).click();
    await expect(dialog).toHaveCount(0);
    await page.goto(first.at(`/messages/${id}`));
    await expect(page.getByRole('region', { name: 'Where is it?' })).toContainText('3 of 3 deliveries');
    await first.shop('works', 'false');
  });
}
