import { listEpisodes } from '../lib/operations/episodes/list';
import type { Actor } from '../lib/context/context';
import type { Episode } from '../lib/domain/episodes/episode';
import { insertEpisodes, withGroups } from '../lib/store/episodes/write';
import { seeded } from '../lib/testing/facts';
import { newUuidV7 } from '../lib/protocol/uuid';
import { quantile, round, sampled, type Row } from './bench';
import { startStore } from './store';

const EPISODES = 100_000;
const GROUPS = 500;
const DAYS = 30;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BATCH = 5_000;
const RUNS = 60;
const mei: Actor = { id: 1, name: 'bench', role: 'administrator' };

/** How long What happened takes for spans of 100,000 episodes of 30 days. */
export async function bench(): Promise<Row[]> {
  const store = await startStore();
  try {
    const context = await store.open('episodes');
    const now = Date.now();
    const random = seeded(7);
    const names = Array.from({ length: GROUPS }, (_, at) => `group-${at}`);
    const groupIds = await context.catalog.groupIds(names);
    for (let at = 0; at < EPISODES; at += BATCH) {
      const episodes = Array.from({ length: BATCH }, (_, n) => {
        const began = now - random() * DAYS * DAY_MS;
        // Most last minutes, a few hours; some of the last ones are open.
        const ended = began + (random() < 0.95 ? 300_000 : 4 * HOUR_MS) * random();
        return absence(names[(at + n) % GROUPS] ?? '', began, ended < now ? ended : null);
      });
      await insertEpisodes(context.store, context.cluster.id, withGroups(episodes, groupIds));
    }
    await context.store.query('ANALYZE episode');
    const at = { ...context, now: () => new Date(now) };
    const span = async (from: number, to: number | null) => {
      const input = { from: new Date(from).toISOString(), small: true };
      const times = await sampled(RUNS, () =>
        listEpisodes.call(at, mei, to === null ? input : { ...input, to: new Date(to).toISOString() }),
      );
      return { p50: quantile(times, 0.5) / 1_000, p99: quantile(times, 0.99) / 1_000 };
    };
    const rows: [string, number, number | null][] = [
      ['the last hour', now - HOUR_MS, null],
      ['one night, 20 days ago', now - 20 * DAY_MS, now - 20 * DAY_MS + 8 * HOUR_MS],
      ['the last 7 days', now - 7 * DAY_MS, null],
      ['all 30 days', now - DAYS * DAY_MS, null],
      ['one hour of one month ago', now - 29 * DAY_MS, now - 29 * DAY_MS + HOUR_MS],
    ];
    const found: Row[] = [];
    for (const [what, from, to] of rows) {
      const { p50, p99 } = await span(from, to);
      found.push({
        what: `what happened in ${what}, of ${EPISODES.toLocaleString('en')} episodes, p50`,
        courier: `${round(p50)} ms`,
        against: 'no other: nothing else remembers',
        ratio: `p99 ${round(p99)} ms`,
        goal: '<= 20 ms',
      });
    }
    return found;
  } finally {
    await store.stop();
  }
}

function absence(group: string, began: number, ended: number | null): Episode {
  const id = newUuidV7(began);
  return {
    id,
    kind: 'no_members',
    subject: { group },
    figures: { waiting: 5, peakLag: 50, topics: ['orders'], last: { member: 'shipping-5d', host: 'host-b' } },
    began,
    beganEarliest: began,
    ended,
    endedEarliest: ended,
    missingSince: null,
    times: 1,
    causedBy: null,
    causedByRule: null,
    root: id,
    endReason: ended === null ? null : 'recovered',
    endedBy: null,
  };
}
