import { expect, expectSound, openMenu, signIn, stacks, test } from './console';

const [first] = stacks;
if (first) {
  test('the wide pages speak Chinese and fit the screen', async ({ page }) => {
    await signIn(page, first, '/overview');
    await openMenu(page, 'Language');
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    for (const [path, heading] of [
      ['/overview', '总览'],
      ['/topics', 'Topic'],
      ['/failures', '失败处理'],
      ['/retries', '重投任务'],
      ['/groups', '消费组'],
      ['/settings', '设置'],
      ['/settings/sources', '设置'],
      ['/settings/indexing', '设置'],
      ['/failures/dead-letter-topics', '失败处理'],
      ['/messages/not-sent', '消息'],
      [`/groups/${first.prefix}.payment/members`, first.prefix],
      [`/topics/${first.prefix}.orders/settings`, first.prefix],
    ] as const) {
      await page.goto(first.at(path));
      await expect(page.getByRole('heading', { level: 1 })).toContainText(heading);
      await page.waitForLoadState('networkidle');
      await expectSound(page);
    }
  });
}
