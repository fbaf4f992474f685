import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { closeContext, type Actor, type Context } from '@/lib/context/context';
import { openContexts } from '@/lib/context/open-contexts';
import { FormerMover } from '@/lib/engine/retention/move-former';
import { createLog } from '@/lib/log';
import { getMessage } from '@/lib/operations/messages/get';
import { messageHistogram } from '@/lib/operations/messages/histogram';
import { listAllMessages } from '@/lib/operations/messages/list';
import { searchMessages } from '@/lib/operations/messages/search';
import { pauseFormerMove } from '@/lib/operations/settings/pause-move';
import { getSettings } from '@/lib/operations/settings/get';
import { timeOfUuidV7 } from '@/lib/protocol/uuid';
import { recount } from '@/lib/store/facts/recount';
import { moveSome } from '@/lib/store/former/days';
import { listFormerDays } from '@/lib/store/former/list';
import { Catalog } from '@/lib/store/names/catalog';
import { migrate } from '@/lib/store/schema/migrate';
import { figuresOf, inPresentWords } from './figures';
import { operatorActor } from './fill';
import { releaseOf } from './release';
import { restore, type RestoredDatabase } from './restore';

const DAY_MS = 86_400_000;

/** As a browser gets it. */
const asJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Facts that release 0.1 made itself had a number of its own. */
function reported(fact: object): object {
  return Object.fromEntries(Object.entries(fact).filter(([name]) => name !== 'groupId'));
}

function sorted<Item>(items: Item[]): Item[] {
  return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Part by part, so that a difference is shown. */
function expectSame<Looks extends { stories: unknown[] }>(looks: Looks, before: Looks): void {
  for (const [at, story] of before.stories.entries()) expect(looks.stories[at]).toEqual(story);
  for (const name of Object.keys(before) as (keyof Looks)[])
    expect(looks[name], String(name)).toEqual(before[name]);
}

describe('days of release 0.1', () => {
  const release = releaseOf('release-0.1');
  const settings = readSettings({
    COURIER_LOG_LEVEL: 'error',
    COURIER_RETENTION_DAYS: '3650',
    COURIER_BODY_RETENTION_DAYS: '3650',
  });
  let database: RestoredDatabase | undefined;
  let contexts: [Context, ...Context[]] | undefined;
  let context: Context;
  let admin: Actor;
  beforeAll(async () => {
    database = await restore(inject('postgres'), release.database);
    await migrate(database.url, path.resolve('prisma/migrations'));
    contexts = await openContexts(settings, database.url, createLog('error'));
    [context] = contexts;
    admin = await operatorActor(context, 'admin');
  });
  afterAll(async () => {
    if (contexts) await closeContext(...contexts);
    await database?.drop();
  });

  const allMessages = async () => {
    const ids: string[] = [];
    let before: string | undefined;
    do {
      const page = await listAllMessages.call(context, admin, { limit: 200, ...(before ? { before } : {}) });
      ids.push(...page.rows.map((row) => row.id));
      before = page.next ?? undefined;
    } while (before);
    return ids;
  };

  /** What pages show of each message, without what differs by the time at which they are read. */
  const storiesOf = async (ids: string[]) =>
    Promise.all(
      ids.map(async (id) => {
        const { where, facts, positions, ...story } = await getMessage.call(context, admin, { id });
        return {
          ...story,
          at: null,
          where: where.map(({ kind }) => kind),
          positions: positions.map((position) => position.text).sort(),
          // What the index read has an id and a time of receipt of its message, and comes in its own place among facts of one time.
          facts: sorted(
            facts.map(({ fact, ...reading }) =>
              fact.kind === 'indexed'
                ? { at: fact.at, position: fact.position }
                : { fact: reported(fact), ...reading },
            ),
          ),
        };
      }),
    );

  const counted = async (from: number, to: number) => {
    const { bars, older } = await messageHistogram.call(context, admin, {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    });
    const sum = (counts: Record<string, number[]> | null) =>
      Object.fromEntries(
        Object.entries(counts ?? {}).map(([status, line]) => [status, line.reduce((a, b) => a + b, 0)]),
      );
    return { bars: sum(bars), older };
  };

  it('look the same before, while and after they are moved, however often that is interrupted', async () => {
    const expected = inPresentWords(release.expected.figures);
    const ids = await allMessages();
    const [newest = '', oldest = ''] = [ids[0], ids.at(-1)];
    const span = [timeOfUuidV7(oldest) - DAY_MS, timeOfUuidV7(newest) + 60_000] as const;
    const looksOf = async () =>
      asJson({
        figures: await figuresOf(context, admin),
        ids: await allMessages(),
        stories: await storiesOf(ids),
        counted: await counted(...span),
        found: (await searchMessages.call(context, admin, { text: newest })).hits.map((hit) => hit.id),
      });
    const before = await looksOf();
    expect(before).toMatchObject({ figures: asJson(expected) });

    const mover = new FormerMover(context);
    await pauseFormerMove.call(context, admin, { isPaused: true });
    expect(await mover.step()).toEqual({ did: 'nothing', isOver: false });
    expect((await getSettings.call(context, admin, {})).formerDays).toMatchObject({
      isPaused: true,
      moved: 0,
    });
    await pauseFormerMove.call(context, admin, { isPaused: false });

    const days = await listFormerDays(context.store);
    expect(days.length).toBeGreaterThan(0);
    const catalog = new Catalog(context.store, context.cluster.id);
    for (const day of days) await moveSome(context.store, day, () => catalog, 7);
    // A kill in the middle of a step leaves all of its messages where they were.
    const died = moveSome(
      context.store,
      days[0] ?? { suffix: '' },
      () => {
        throw new Error('killed');
      },
      7,
    );
    await expect(died).rejects.toThrow('killed');
    expectSame(await looksOf(), before);

    for (let step = await mover.step(); step.did !== 'nothing'; step = await mover.step());
    expect(await listFormerDays(context.store)).toEqual([]);
    expect((await getSettings.call(context, admin, {})).formerDays).toBeNull();
    context.partitions.forget();
    expectSame(await looksOf(), before);
    expect(await recount(context.store, context.cluster.id)).toBe(0);
  });
});
