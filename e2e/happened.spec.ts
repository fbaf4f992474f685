import { expect, expectSound, isPhone, signIn, stacks, test, uniqueKey } from './console';

const [first] = stacks;
const WORDS = {
  en: {
    title: 'What happened',
    hour: 'Last hour',
    open: 'Still open',
    over: 'Over',
    absent: /Nobody read it; \d+ messages? waited/,
    history: 'History',
    copy: 'Copy as handover',
    copied: 'Copied',
  },
  zh: {
    title: '发生了什么',
    hour: '1 小时',
    open: '仍在持续',
    over: '已结束',
    absent: /无人读取，\d+ 条消息等待/,
    history: '历史',
    copy: '复制交接说明',
    copied: '已复制',
  },
};

if (first)
  test('a group that nobody reads is in what happened and in its history, as open and then as over', async ({
    page,
    context,
  }) => {
    const words = WORDS[isPhone() ? 'zh' : 'en'];
    const group = `${first.prefix}.analytics`;
    if (isPhone())
      await context.addCookies([
        { name: 'courier-language', value: 'zh-CN', url: new URL(first.url).origin },
      ]);
    await first.shop('analytics', 'read');
    await first.shop('publish', uniqueKey('happened'));
    await signIn(page, first, '/overview');
    await page.getByRole('main').getByRole('link', { name: words.title }).click();
    await expect(page).toHaveURL(/\/overview\/happened/);
    await page.getByRole('button', { name: words.hour, exact: true }).click();
    const rows = page.getByRole('main').getByRole('listitem').filter({ hasText: group });
    const openRow = rows.filter({ hasText: words.open }).filter({ hasText: words.absent });
    try {
      await first.shop('analytics', 'stop');
      await first.shop('publish', uniqueKey('unread'));
      await expect(openRow).toHaveCount(1, { timeout: 40_000 });
      await expectSound(page);
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: words.copy }).click();
      await expect(page.getByRole('button', { name: words.copied })).toBeVisible();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied).toContain(`/groups/${group}`);
      expect(copied).toMatch(words.absent);
      await openRow.getByRole('link', { name: group }).click();
      await page.getByRole('link', { name: words.history, exact: true }).click();
      await expect(openRow).toHaveCount(1);
      await expectSound(page);
    } finally {
      await first.shop('analytics', 'read');
    }
    await expect(openRow).toHaveCount(0, { timeout: 40_000 });
    await expect(
      rows.filter({ hasText: words.over }).filter({ hasText: words.absent }).first(),
    ).toBeVisible();
    // It was short, so it is listed on request.
    await page.goto(first.at('/overview/happened?span=hour&small=true'));
    await expect(rows.filter({ hasText: words.over }).first()).toBeVisible();
  });
