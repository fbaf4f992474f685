import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { uuidV7From } from '../lib/protocol/uuid';
import { storedName } from '../lib/store/names/catalog';
import { visibleName } from '../lib/values/visible-name';
import { expect, isPhone, onHostile, report, signIn, stacks, test, type Console } from './console';

/** Names that an address, a search or a line of a list could lose. */
const ODD = ['%2F', '..', 'a/b?c=d#e', ' ', '', 'n'.repeat(3_000)];

/** Opens a thing by its link, once more by its address, and by a search for its name where it has one. */
async function openEachWay(
  page: Page,
  stack: Console,
  list: string,
  name: string,
  link: string,
  heading: string,
): Promise<void> {
  const open = expect(page.getByRole('heading', { level: 1, name: heading, exact: true }));
  await page.goto(stack.at(list));
  await page.getByRole('link', { name: link, exact: true }).click();
  await open.toBeVisible();
  await page.reload();
  await open.toBeVisible();
  if (name.trim() === '') return;
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Search' }).fill(name);
  const line = page.getByRole('option').filter({ hasText: name.slice(0, 200) });
  await line.first().click();
  await open.toBeVisible();
}

const [first] = stacks;
const kafka = stacks.find(({ broker }) => broker === 'kafka');

if (first && kafka) {
  test('every name that Kafka allows for a group is opened by click, by address and by search', async ({
    page,
  }) => {
    if (isPhone()) return;
    const groups = ODD.map((name) => (name === '' ? name : `${name}${kafka.prefix}`));
    await kafka.shop('group', JSON.stringify(groups));
    await signIn(page, kafka, '/groups');
    for (const name of groups.map(storedName)) {
      const shown = visibleName(name);
      await openEachWay(page, kafka, '/groups', name, shown, shown);
    }
  });

  test('every type of an error is opened by click, by address and by search', async ({ page }) => {
    if (isPhone()) return;
    const group = `names-${first.prefix}`;
    const errors = ODD.map((name) => name.slice(0, 200));
    const at = new Date().toISOString();
    const facts = errors.flatMap((type) => {
      const messageId = uuidV7From(Date.now(), randomBytes(10));
      const fact = (kind: string, more: object) => {
        const factId = uuidV7From(Date.now(), randomBytes(10));
        return { factId, kind, messageId, at, ...more };
      };
      return [
        fact('committed', { message: { topic: 'names', type: 'T' } }),
        fact('handle_failed', { group, attempt: 1, error: { type, message: '' }, gaveUp: { to: null } }),
      ];
    });
    await report(first, facts, 'hostile');
    const hostile = onHostile(first);
    await signIn(page, hostile, '/failures');
    for (const type of errors) {
      // An empty type is none.
      const shown = type === '' ? 'no error type' : visibleName(type);
      await openEachWay(page, hostile, `/failures?group=${group}`, type, shown, `${shown} in ${group}`);
    }
  });
}
