import { expect, expectSound, isPhone, signIn, stacks, test, uniqueKey } from './console';

const [first] = stacks;
if (first) {
  test('the overview says what needs a person and leads there', async ({ page }) => {
    await first.shop('works', 'false');
    await first.shop('publish', uniqueKey('needed'));
    await signIn(page, first, '/overview');
    await page.goto(first.at('/'));
    await expect(page).toHaveURL(first.at('/overview'));
    const needs = page.getByRole('region', { name: 'Needs a person' });
    await expect(needs.getByRole('listitem').filter({ hasText: `${first.prefix}.payment` })).toContainText(
      'RangeError',
    );
    await expect(page.getByText(/needs? you;/)).toBeVisible();
    await expectSound(page);
    const row = needs.getByRole('listitem').filter({ hasText: `${first.prefix}.payment` });
    // On the phone the whole row is the way.
    if (isPhone()) await row.click();
    else await row.getByRole('link', { name: 'Open failure' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('RangeError in');
  });

  test('a retry that runs is seen on every page, and leads to itself', async ({ page }) => {
    const id = '01a1f000-0000-7000-8000-000000000001';
    const row = {
      id,
      operator: 'mei',
      reason: null,
      createdAt: new Date().toISOString(),
      endedAt: null,
      groups: ['payment'],
      states: { HANDLED: 3, SENT: 2, PENDING: 1 },
      total: 6,
    };
    await signIn(page, first, '/settings');
    // A real retry ends before the page shows it, so the test makes these two answers.
    const answered = (path: string, json: object) =>
      page.route(
        (url) => url.pathname === path,
        (route) => route.fulfill({ json }),
      );
    await answered('/api/attention', { failures: 0, groups: 0, retries: 1 });
    await answered('/api/retries', { at: row.createdAt, rows: [row], next: null });
    for (const path of ['/messages', `/topics/${first.prefix}.orders`]) {
      await page.goto(first.at(path));
      await expect(page.getByRole('link', { name: '6 messages to payment' })).toBeVisible();
      await expectSound(page);
    }
    await page.getByRole('link', { name: '6 messages to payment' }).click();
    await expect(page).toHaveURL(first.at(`/retries/${id}`));
  });
}
