import { z } from 'zod';
import { progressOf } from '@/lib/domain/workers/reading';
import { byNeed } from '@/lib/domain/overview/needs';
import { quantileOf } from '@/lib/domain/messages/minute-counts';
import type { NeedRow, OverviewView } from '@/lib/contract/overview';
import type { Context } from '@/lib/context/context';
import { keptMsFor, keptRead } from '@/lib/context/shared-reads';
import { readHealed } from '@/lib/store/failures/healed';
import { readLagChunks } from '@/lib/store/lag/read-lag';
import { readNotSent } from '@/lib/store/messages/not-sent';
import { readReturned } from '@/lib/store/groups/read-returned';
import { readSilent } from '@/lib/store/groups/read-silent';
import { readTroubles } from '@/lib/store/groups/read-troubles';
import { readMinutes, WATCHED } from '@/lib/store/minutes/read';
import { countOpenItems } from '@/lib/store/retries/open';
import { countIndexed } from '@/lib/store/topics/topics';
import { failuresNow } from '../failures/rows';
import { behindOf } from '../groups/lines';
import { groupsNow, standingsOf } from '../groups/now';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import { defineOperation, type Call } from '../operation';
import { listWorkers } from '../workers/list';
import { needsOf } from './needs';

type GroupNow = Awaited<ReturnType<typeof groupsNow>>[number];

const MINUTE_MS = 60_000;
const MINUTES = 60;
const MAX_ROWS = 8;
const MAX_LINES = 3;

/** What needs a person now, what heals by itself, and the last hour in four charts. All numbers are of one moment. */
export const overviewNow = defineOperation({
  name: 'overview.now',
  permission: 'groups.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<OverviewView> {
    const now = call.now();
    const from = beginOf(now);
    const [groups, failures, notSent, items, healed, minutes, workers, topics, silent, returned, troubles] =
      await Promise.all([
        groupsNow(call),
        failuresNow(call),
        readNotSent(call.store, call.cluster.id, MAX_ROWS),
        countOpenItems(call.store, call.cluster.id),
        healedNow(call),
        readMinutes(call.store, call.cluster.id, from, new Date(now.getTime() + MINUTE_MS)),
        listWorkers.run(call, {}),
        countIndexed(call.store, call.cluster.id),
        readSilent(call.store, call.cluster.id, null, new Date(now.getTime() - SILENT_AFTER_MS)),
        readReturned(call.store, call.cluster.id, from),
        readTroubles(call.store, call.cluster.id, null, new Date(now.getTime() - SILENT_AFTER_MS)),
      ]);
    const needs: NeedRow[] = needsOf({
      now,
      cluster: call.cluster.name,
      groups,
      failures,
      notSent,
      items,
      workers: workers.workers,
      silent,
      troubles,
    });
    needs.sort(byNeed);
    const handled = Array.from({ length: MINUTES }, () => new Map<string, number>());
    // A minute without a running collector is unknown, which differs from zero.
    const watched = new Set(minutes.filter(({ what }) => what === WATCHED).map(({ minute }) => minute));
    const empty = () => Array.from({ length: MINUTES }, (_, minute) => (watched.has(minute) ? 0 : null));
    const lines: Record<'published' | 'failed', (number | null)[]> = { published: empty(), failed: empty() };
    for (const { what, minute, count } of minutes) {
      if (minute < 0 || minute >= MINUTES) continue;
      if (what === 'published' || what === 'failed') lines[what][minute] = count;
      else if (what !== WATCHED) handled[minute]?.set(what, count);
    }
    const shown = needs.slice(0, MAX_ROWS);
    const unmeasured = groups.filter(
      ({ verdict, isMeasuring }) => verdict === 'no_data' && !isMeasuring,
    ).length;
    const past = await pastOf(call, groups, from, now);
    return {
      at: now.toISOString(),
      needs: shown,
      more: Math.max(0, needs.length - MAX_ROWS),
      groups: groups.length,
      topics: topics.indexed + topics.notIndexed,
      standings: standingsOf(groups),
      blind: unmeasured > 0 || needs.some(({ kind }) => kind === 'blind' || kind === 'silent'),
      unmeasured,
      lateSeconds: progressOf(workers.workers).delaySeconds,
      healing: groups
        .filter((group) => group.verdict === 'catching_up')
        .map(({ name, lag, drain }) => ({ group: name, lag, drain })),
      trying: failures
        .filter((failure) => failure.gaveUp === 0)
        .map(({ group, type, error, messages, firstAt }) => ({ group, type, error, messages, firstAt })),
      healed: healed.map(({ group, error, messages, attempts, from: began, to }) => ({
        group,
        error,
        messages,
        attempts,
        from: began.toISOString(),
        to: to.toISOString(),
      })),
      returned: returned.map(({ group, from: began, to }) => ({
        group,
        from: began.toISOString(),
        to: to.toISOString(),
      })),
      charts: {
        from: from.toISOString(),
        published: lines.published,
        failed: lines.failed,
        handledWithin: handled.map((counts) => quantileOf(counts, 0.95)),
        behind: past,
        behindNow: behindNowOf(groups),
        behindMinute: groups.filter((group) => (group.behindSeconds ?? 0) > MINUTE_MS / 1_000).length,
      },
    };
  },
});

/** Begin of the first minute of the last hour. */
function beginOf(now: Date): Date {
  return new Date((Math.floor(now.getTime() / MINUTE_MS) - MINUTES + 1) * MINUTE_MS);
}

/** What healed by itself in the last hour; where thousands of messages did, it is some seconds old. */
const healedNow = keptRead(
  (context: Context) => readHealed(context.store, context.cluster.id, beginOf(context.now()), MAX_ROWS),
  (rows) => keptMsFor(rows.reduce((sum, row) => sum + row.messages, 0)),
);

/** The last hour of the groups furthest behind. */
async function pastOf(call: Call, groups: GroupNow[], from: Date, now: Date) {
  const worst = groups
    .filter((group) => (group.behindSeconds ?? 0) > 0)
    .sort((a, b) => (b.behindSeconds ?? 0) - (a.behindSeconds ?? 0))
    .slice(0, MAX_LINES);
  const chunks = await readLagChunks(
    call.store,
    worst.map(({ id }) => id),
    from,
    now,
  );
  const [begin, end] = [from.getTime(), from.getTime() + MINUTES * MINUTE_MS];
  return worst.map(({ id, name, behindSeconds }) => ({
    name,
    now: behindSeconds ?? 0,
    values: behindOf(chunks.get(id) ?? [], begin, end, MINUTE_MS / 1_000),
  }));
}

/** How far the group furthest behind is behind, of those that are measured. */
function behindNowOf(groups: GroupNow[]): number | null {
  const known = groups
    .filter(({ verdict }) => verdict !== 'no_data')
    .flatMap((group) => group.behindSeconds ?? []);
  return known.length > 0 ? Math.max(...known) : null;
}
