import { expect, expectSound, isPhone, signIn, stacks, test, uniqueKey, type Console } from './console';

/** The words of the dialog in the language of the screen: Chinese on the phone. */
const WORDS = {
  en: {
    open: 'Move position',
    offset: 'an offset',
    end: 'the end of the log',
    skipped:
      /1 partition moves forward: [1-9]\d* messages? will be skipped, never read|partitions move forward/,
    confirm: /^Type .* to confirm$/,
    moved: /mei moved (\d+|one) positions? on .* to the end of the log.*were skipped/,
    whole: 'A whole number, 0 or more.',
    undo: 'Undo',
    undone: 'Undone.',
    running: /Not possible while .* is running: 1 member/,
  },
  zh: {
    open: '移动位点',
    offset: '某个 Offset',
    end: '日志末尾',
    skipped: /条消息将被跳过，不再读取/,
    confirm: /^输入 .* 以确认$/,
    moved: /mei 将 .* 个位点移到日志末尾.*条跳过/,
    whole: '不小于 0 的整数。',
    undo: '撤销',
    undone: '已撤销。',
    running: /正在运行，无法移动：1 个成员/,
  },
};

for (const stack of stacks) {
  test(`on ${stack.broker}: a position is moved to the end once the members have stopped, and back`, async ({
    page,
    context,
  }) => {
    if (isPhone() && stack !== stacks[0]) return;
    const words = WORDS[isPhone() ? 'zh' : 'en'];
    const group = `${stack.prefix}.analytics`;
    if (isPhone())
      await context.addCookies([
        { name: 'courier-language', value: 'zh-CN', url: new URL(stack.url).origin },
      ]);
    await stack.shop('analytics', 'read');
    await stack.shop('publish', uniqueKey('moved'));
    await signIn(page, stack, `/groups/${group}`);
    const dialog = page.getByRole('dialog');
    const openDialog = page.getByRole('main').getByRole('button', { name: words.open });
    await openDialog.click();
    // Its members run, which refuses the move; that they have stopped is noticed by itself.
    await expect(dialog.getByText(words.running)).toBeVisible({ timeout: 20_000 });
    await expectSound(page);
    try {
      await stack.shop('analytics', 'stop');
      for (let n = 0; n < 3; n += 1) await stack.shop('publish', uniqueKey(`skipped${n}`));
      await dialog.getByLabel(words.offset, { exact: true }).check();
      await dialog.getByRole('textbox').first().fill('-1');
      await expect(dialog.getByText(words.whole)).toBeVisible();
      await dialog.getByLabel(words.end, { exact: true }).check();
      await expect(dialog.getByText(words.running)).toHaveCount(0, { timeout: 20_000 });
      await expect(dialog.getByText(words.skipped)).toBeVisible();
      const move = dialog.getByRole('button', { name: words.open });
      await expect(move).toBeDisabled();
      await dialog.getByLabel(words.confirm).fill(group);
      await move.click();
      await expect(dialog).toHaveCount(0);
      await expect(page.getByText(words.moved).first()).toBeVisible({ timeout: 20_000 });
      await expect.poll(() => lagOf(page.request, stack, group), { timeout: 20_000 }).toBe(0);
      await expectSound(page);

      await page.getByRole('button', { name: words.undo, exact: true }).first().click();
      await expect(page.getByText(words.undone).first()).toBeVisible({ timeout: 20_000 });
      await expect
        .poll(() => lagOf(page.request, stack, group), { timeout: 20_000 })
        .toBeGreaterThanOrEqual(3);
      // What can be undone once cannot be undone twice.
      await expect(
        page.getByRole('listitem').filter({ hasText: words.undone }).getByRole('button'),
      ).toHaveCount(0);
    } finally {
      await stack.shop('analytics', 'read');
    }
  });
}

async function lagOf(
  request: { get(url: string): Promise<{ json(): Promise<unknown> }> },
  stack: Console,
  group: string,
): Promise<number | null> {
  const answer = await request.get(stack.at(`/api/groups/${encodeURIComponent(group)}`));
  return ((await answer.json()) as { lag: number | null }).lag;
}
