import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { uuidV7From } from '../lib/protocol/uuid';
import { expect, onHostile, report, signIn, stacks, test } from './console';

/** Hostile values for any text that a page shows. None of them may run, and none may break the page. */
const HOSTILE = [
  '<script>window.ran=1</script>',
  '"><img src=x onerror=window.ran=1>',
  '</style></textarea><svg onload=window.ran=1>',
  'javascript:window.ran=1//',
  '{{constructor.constructor("window.ran=1")()}} ${window.ran=1}',
  '=HYPERLINK("http://127.0.0.1","x")',
  '../../../etc/passwd%00%2e%2e',
  '\u202egnp.eman\u2066 \u200b\u200e',
  'Z\u0351\u036b\u0343\u036a\u0302A\u0335\u0321\u034e L\u0321\u0320\u034e G\u0338\u0322O',
  `no-spaces-${'W'.repeat(900)}`,
  'tab\there\nnew line\r\nand\u0085more',
  '__proto__',
  '{one, plural, other {#}} <b>bold</b> <link></link>',
  '\u{1f469}\u{1f3fd}\u200d\u{1f680}'.repeat(40),
] as const;

const [first] = stacks;

/** A message with one text in every field that facts carry. */
function factsOf(text: string): { id: string; facts: object[] } {
  const id = uuidV7From(Date.now(), randomBytes(10));
  const fact = (kind: string, more: object) => {
    const factId = uuidV7From(Date.now(), randomBytes(10));
    const from = { service: text, release: text, host: text, process: text };
    return { factId, kind, messageId: id, at: new Date().toISOString(), ...from, ...more };
  };
  const message = { topic: text.slice(0, 240), type: text.slice(0, 200), version: text.slice(0, 40) };
  const error = { type: text.slice(0, 200), message: text, stack: `${text}\n    at ${text} (${text}:1:1)` };
  const group = text.slice(0, 200);
  return {
    id,
    facts: [
      fact('committed', {
        message: { ...message, service: text.slice(0, 200), key: text, producerId: text.slice(0, 200) },
        position: { topic: message.topic, partition: 0, offset: '7' },
      }),
      fact('handle_failed', { group, attempt: 1, member: text, error, gaveUp: { to: null } }),
      fact('skipped', { group: `${group.slice(0, 190).toWellFormed()}-2`, attempt: 1, reason: text }),
    ],
  };
}

/** Nothing ran, nothing is wider than the screen, and no element came of a text. */
async function expectHarmless(page: Page): Promise<void> {
  await expect(page.getByRole('main').getByRole('status', { name: /^(Reading|Loading)/ })).toHaveCount(0);
  const found = await page.evaluate(() => ({
    ran: (window as unknown as { ran?: number }).ran,
    elements: document.querySelectorAll('main script, main img[src="x"], main svg[onload], main b b').length,
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }));
  expect(found, page.url()).toEqual({ ran: undefined, elements: 0, wider: 0 });
}

if (first) {
  test('hostile text in every field runs nowhere and breaks no page', async ({ page }) => {
    test.setTimeout(240_000);
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const made = HOSTILE.map(factsOf);
    const at = (path: string) => onHostile(first).at(path);
    for (const { facts } of made) await report(first, facts, 'hostile');
    await signIn(page, first, '/messages');
    for (const path of [
      '/messages?preview=true',
      '/overview',
      '/failures',
      '/groups',
      '/topics',
      '/failures/dead-letter-topics',
      '/settings',
      '/settings/sources',
      '/settings/indexing',
    ]) {
      await page.goto(at(path));
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectHarmless(page);
    }
    for (const [turn, { id }] of made.entries()) {
      await page.goto(at(`/messages/${id}`));
      await expect(page.getByRole('region', { name: 'Where is it?' })).toContainText('Failed once');
      await expectHarmless(page);
      // Each tab once with each kind of text would take minutes; they take turns.
      for (const tab of ['Attempts', 'Deliveries', 'Raw facts'].slice(turn % 3, (turn % 3) + 1)) {
        await page.getByRole('tab', { name: tab }).click();
        await expectHarmless(page);
      }
    }
    for (const text of HOSTILE.slice(0, 6)) {
      const [group, type, error] = [text.slice(0, 200), text.slice(0, 200), text.slice(0, 200)];
      await page.goto(at(`/failures/${[group, type, error].map(encodeURIComponent).join('/')}`));
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectHarmless(page);
      await page.goto(at(`/messages?q=${encodeURIComponent(text)}`));
      await expectHarmless(page);
    }
    expect(dialogs).toEqual([]);
  });

  test('members and tokens by hostile names are shown as what they are', async ({ page }) => {
    const group = `${first.prefix}.payment`;
    const hostile = HOSTILE.map((text) => text.toWellFormed());
    // Clients of a broker make such members, and nothing makes such tokens. The test covers their display alone.
    const answer = (path: string, change: (body: Record<string, unknown>) => object) =>
      page.route(`**${path}*`, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: change((await response.json()) as Record<string, unknown>) });
      });
    await answer(`/api/groups/${group}`, (body) => ({
      ...body,
      memberList: hostile.map((text, at) => ({
        id: `${at} ${text}`,
        clientId: text,
        host: text,
        assignment: [{ topic: text, partitions: [0] }],
      })),
    }));
    await answer('/api/tokens', (body) => ({
      ...body,
      tokens: hostile.map((name, id) => ({
        id,
        name,
        scope: 'service',
        createdAt: new Date().toISOString(),
      })),
      services: hostile.map((name) => ({
        name,
        publish: [name],
        read: null,
        groups: [{ cluster: name, group: name }],
      })),
    }));
    await signIn(page, first, `/groups/${group}/members`);
    await expect(page.getByRole('region', { name: 'Members' }).getByRole('listitem')).toHaveCount(14);
    await expectHarmless(page);
    await page.goto(first.at('/settings/tokens'));
    await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(14);
    await expectHarmless(page);
  });

  test('nonsense in an address breaks no page', async ({ page }) => {
    const broken: string[] = [];
    page.on('pageerror', (error) => broken.push(`${page.url()}: ${error.message}`));
    await signIn(page, first, '/settings');
    const group = `${first.prefix}.payment`;
    for (const path of [
      '/messages?from=tomorrow&to=%00&status=NOPE&minutes=-5&preview=maybe',
      '/messages?before=x&kind=none&topic=%F0%9F%92%A5',
      '/messages/not-sent?from=9e99',
      '/failures?from=x&to=2026-99-99&order=none&state=no&group=%00',
      '/failures/dead-letter-topics?empty=perhaps',
      '/retries/ended?before=x',
      `/groups/${group}?from=x&to=y&minutes=7&topic=none`,
      `/topics/${first.prefix}.orders?from=offset&offset=-1&partition=99`,
      '/groups?verdict=fine',
    ]) {
      await page.goto(first.at(path));
      await expect(page.getByRole('heading', { level: 1 }), path).toBeVisible();
      await expectHarmless(page);
    }
    expect(broken).toEqual([]);
  });

  test('a hostile payload, key and header are shown as what they are', async ({ page }) => {
    // No group reads this topic: other tests count the failures on the shop's own.
    const topic = `${first.prefix}.hostile`;
    await first.shop('topic', topic);
    await signIn(page, first, `/topics/${topic}`);
    // Courier discovers new topics every few seconds.
    const known = async () => (await page.request.get(first.at(`/api/topics/${topic}`))).status();
    await expect.poll(known, { timeout: 30_000 }).toBe(200);
    for (const text of HOSTILE.slice(0, 5)) {
      const answer = await page.request.post(first.at(`/api/topics/${topic}/test`), {
        data: {
          partition: 0,
          key: text,
          type: text.slice(0, 200),
          headers: [[text.replaceAll(/[\s=]/g, '-'), text]],
          payload: JSON.stringify({ [text]: [text, { [text]: text }] }),
        },
        headers: { origin: first.url },
      });
      expect(answer.ok(), await answer.text()).toBe(true);
      const { id } = (await answer.json()) as { id: string };
      const sent = async () => (await page.request.get(first.at(`/api/messages/${id}`))).status();
      await expect.poll(sent, { timeout: 30_000 }).toBe(200);
      await page.goto(first.at(`/messages/${id}`));
      await expect(page.getByRole('tabpanel')).toContainText(text.slice(0, 20));
      await expectHarmless(page);
      await page.getByRole('tab', { name: 'Headers' }).click();
      await expect(page.getByRole('tabpanel')).toContainText(text.slice(0, 20));
      await expectHarmless(page);
    }
    await page.goto(first.at(`/topics/${topic}`));
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await expectHarmless(page);
  });
}
