import { randomBytes } from 'node:crypto';
import { uuidV7From } from '../lib/protocol/uuid';
import { expect, expectSound, report, signIn, stacks, test, uniqueKey } from './console';

for (const stack of stacks) {
  test(`on ${stack.broker} › an older record is sent behind a newer one of its key only when its topic is typed`, async ({
    page,
  }) => {
    const key = uniqueKey('newer');
    const older = await stack.shop<{ id: string }>('publish', key);
    const newer = await stack.shop<{ id: string }>('publish', key);
    const group = `outside-${key}`;
    const topic = `${stack.prefix}.orders`;
    await report(
      stack,
      [older, newer].map(({ id }) => ({
        factId: uuidV7From(Date.now(), randomBytes(10)),
        kind: 'handle_failed',
        messageId: id,
        at: new Date().toISOString(),
        group,
        attempt: 1,
        error: { type: 'PriceError', message: 'no price' },
        gaveUp: { to: null },
      })),
    );
    await signIn(page, stack, `/failures/${group}/OrderPaid/PriceError`);
    await page.getByRole('button', { name: `Retry 2 messages to ${group}` }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('1 with a newer record of its key')).toBeVisible();
    const lost = dialog.getByRole('region', { name: 'Newer records' });
    await expect(lost.getByText(key)).toBeVisible();
    await expect(lost.getByRole('link', { name: new RegExp(`^${topic}/\\d+/\\d+$`) })).toBeVisible();
    await expect(dialog.getByText(/Every reader of|groups will get these messages again/)).toBeVisible();
    await expectSound(page);
    await expect(dialog.getByRole('button', { name: /^Send 1 message to all \d+ groups$/ })).toBeVisible();
    await lost.getByRole('textbox').fill(topic);
    await dialog.getByRole('button', { name: 'Send 2 messages after newer records' }).click();
    await expect(page).toHaveURL(/\/retries\//);
    await expect(page.getByText('2 selected')).toBeVisible();
  });
}
