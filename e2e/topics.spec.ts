import { expect, expectSound, signIn, stacks, test, uniqueKey } from './console';

interface Published {
  id: string;
  partition: number;
  offset: string;
}

for (const stack of stacks) {
  test.describe(`on ${stack.broker}`, () => {
    test('a topic is browsed, and a test message is sent and followed', async ({ page }) => {
      const topic = `${stack.prefix}.orders`;
      const sent = await stack.shop<Published>('publish', uniqueKey('browsed'));
      await signIn(page, stack, '/topics');
      await expect(page.getByRole('row').filter({ hasText: topic })).toBeVisible();
      await expectSound(page);
      await page.getByRole('link', { name: topic }).click();
      await expect(page.getByText(/^Kept \d+ d/)).toBeVisible();
      await expect(
        page.getByRole('row').filter({ hasText: `${sent.partition}/${sent.offset}` }),
      ).toBeVisible();
      await expectSound(page);
      // Nothing covers the first row.
      await page
        .getByRole('button', { name: /^Record / })
        .first()
        .click({ trial: true, timeout: 10_000 });
      const place = `${sent.partition}/${sent.offset}`;
      await page.getByRole('button', { name: `Record ${place}` }).click();
      await expect(page.getByRole('region', { name: topic }).getByText('orderId')).toBeVisible();
      await expectSound(page);
      await page.getByRole('link', { name: 'Link to this record' }).click();
      await expect(page).toHaveURL(new RegExp(`/topics/${topic}/${place}`));
      await expect(
        page.getByRole('heading', { name: `Partition ${sent.partition}, offset ${sent.offset}` }),
      ).toBeVisible();
      await expect(page.getByText('courier-id')).toBeVisible();
      await expectSound(page);
      await page.goBack();
      const from = page.getByRole('group', { name: 'From' });
      await from.getByRole('button', { name: 'Offset' }).click();
      await page.getByRole('textbox', { name: 'Offset' }).fill(sent.offset);
      await page.getByRole('button', { name: 'Go', exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`offset=${sent.offset}`));
      await from.getByRole('button', { name: 'Newest' }).click();
      await page.getByRole('button', { name: 'Live' }).click();
      const live = uniqueKey('live');
      await stack.shop('publish', live);
      await expect(page.getByRole('row').filter({ hasText: live })).toBeVisible();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page
        .getByRole('navigation', { name: topic })
        .getByRole('link', { name: /^Groups/ })
        .click();
      await expect(page.getByRole('link', { name: `courier.retry.${stack.prefix}.payment` })).toBeVisible();
      await expectSound(page);
      await page.getByRole('button', { name: 'Publish a test message' }).click();
      const dialog = page.getByRole('dialog');
      const key = uniqueKey('test');
      await dialog.getByRole('textbox', { name: 'Key', exact: true }).fill(key);
      await dialog.getByRole('textbox', { name: 'Type', exact: true }).fill('OrderPaid');
      await dialog.getByRole('textbox', { name: /Headers/ }).fill('tenant=a=b');
      await expectSound(page);
      await dialog.getByRole('button', { name: 'Publish' }).click();
      await expect(dialog.getByRole('status')).toContainText(`Sent: ${topic}/`);
      await dialog.getByRole('link', { name: 'Open its story' }).click();
      await expect(page.getByRole('heading', { level: 1 })).toContainText('OrderPaid');
      await expect(page.getByRole('region', { name: 'Where is it?' })).toContainText(
        `${stack.prefix}.inventory`,
      );
    });
  });
}
