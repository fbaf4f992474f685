import { expect, expectSound, signIn, stacks, test, uniqueKey } from './console';

const [first] = stacks;
if (first) {
  test('settings tell what the broker answers, and make and end a token', async ({ page }) => {
    await signIn(page, first, '/settings');
    await expect(page.getByText('answered').first()).toBeVisible();
    for (const path of ['/api/groups', '/api/messages', '/api/failures', '/api/retries']) {
      const answer = await page.request.get(first.at(path));
      expect(await answer.json(), path).toMatchObject({ can: { retry: { allowed: true } } });
    }
    await expectSound(page);
    const tab = (name: string) =>
      page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name, exact: true });
    for (const [name, words] of [
      ['Sources', 'Collector of facts'],
      ['Indexing', `${first.prefix}.orders`],
      ['Retention', 'kept 30 days'],
      ['Sessions', 'since'],
    ] as const) {
      await tab(name).click();
      await expect(page.getByRole('listitem').filter({ hasText: words }).first(), name).toBeVisible();
      await expectSound(page);
    }
    await tab('Tokens').click();
    const name = uniqueKey('service');
    await page.getByRole('textbox', { name: 'Service' }).fill(name);
    await page.getByRole('button', { name: 'Make a token' }).click();
    await expect(page.getByText(/courier_[\w-]{43}/)).toBeVisible();
    const line = page.getByRole('listitem').filter({ hasText: name });
    const end = line.getByRole('button', { name: `End the token of ${name}` });
    await end.click();
    await expect(line).toContainText('Whoever uses it is refused at once.');
    await expectSound(page);
    await line.getByRole('button', { name: 'Keep it' }).click();
    await end.click();
    await line.getByRole('button', { name: 'End it' }).click();
    await expect(line).toContainText('ended');
    await page.reload();
    await expect(page.getByRole('listitem').filter({ hasText: name })).toContainText('ended');
    await expect(page.getByText(/courier_[\w-]{43}/)).toHaveCount(0);
  });
}
