import type { Sees } from '../scope';
import type { FailureRow } from '@/lib/contract/failures';
import { readFailures, readTrends, type StoredFailure } from '@/lib/store/failures/list';
import type { Context } from '@/lib/context/context';
import { keptMsFor, keptRead } from '@/lib/context/shared-reads';

/** Quarters of an hour that a trend shows. */
export const TREND_STEPS = 24;
export const TREND_STEP_SECONDS = 900;
/** Maximum number of failures in an answer. */
const MAX_FAILURES = 500;

/** Returns when a trend begins: on a whole quarter of an hour, so that its bars do not move with every request. */
export function trendBegin(now: Date): Date {
  const step = TREND_STEP_SECONDS * 1000;
  return new Date((Math.floor(now.getTime() / step) + 1 - TREND_STEPS) * step);
}

/** What fails now, with its trend. @param only one failure, or null for all */
export async function failureRows(
  context: Context,
  only: { groupId: number; type: string | null; error: string | null } | null,
): Promise<FailureRow[]> {
  const { store, cluster } = context;
  const from = trendBegin(context.now());
  const [failures, trends] = await Promise.all([
    readFailures(store, cluster.id, only, MAX_FAILURES),
    readTrends(store, cluster.id, from, TREND_STEP_SECONDS),
  ]);
  const byKey = new Map<string, number[]>();
  for (const trend of trends) {
    const key = keyOf(trend);
    const steps = byKey.get(key) ?? new Array<number>(TREND_STEPS).fill(0);
    byKey.set(key, steps);
    const at = Math.min(Math.max(trend.step, 0), TREND_STEPS - 1);
    steps[at] = (steps[at] ?? 0) + trend.count;
  }
  return failures.map((failure) => ({
    group: failure.group,
    type: failure.type,
    error: failure.error,
    message: failure.message,
    status: failure.status,
    topics: failure.topics,
    messages: failure.messages,
    gaveUp: failure.gaveUp,
    attempts: failure.attempts,
    firstAt: failure.firstAt.toISOString(),
    lastAt: failure.lastAt.toISOString(),
    releases: failure.releases,
    hosts: failure.hosts,
    trend: byKey.get(keyOf(failure)) ?? new Array<number>(TREND_STEPS).fill(0),
    alsoIn: failures.filter((other) => isSame(other, failure)).map((other) => other.group),
    newest: failure.newestId,
    only: failure.messages === 1 ? { id: failure.newestId, key: failure.onlyKey } : null,
  }));
}

/** All that fails, and as of when. Concurrent callers share one query; where thousands fail, it is some seconds old. */
export const readFailing = keptRead(
  async (context: Context) => ({ at: context.now(), rows: await failureRows(context, null) }),
  ({ rows }) => keptMsFor(rows.reduce((sum, row) => sum + row.messages, 0)),
);

/** Returns all that fails now. */
export async function failuresNow(context: Context): Promise<FailureRow[]> {
  return (await readFailing(context)).rows;
}

/** Failures that an actor may see. One on several topics counts the messages of all of them, and so takes all of them. */
export function failuresWithin<Row extends Pick<FailureRow, 'group' | 'topics' | 'alsoIn'>>(
  rows: readonly Row[],
  sees: Sees,
): Row[] {
  const isSeen = (row: Row) =>
    sees.group(row.group) && (row.topics.length > 0 ? row.topics : [null]).every(sees.topic);
  return rows.filter(isSeen).map((row) => ({ ...row, alsoIn: row.alsoIn.filter(sees.group) }));
}

function keyOf(item: { groupId: number; type: string | null; error: string | null }): string {
  return JSON.stringify([item.groupId, item.type, item.error]);
}

function isSame(other: StoredFailure, item: StoredFailure): boolean {
  return other.groupId !== item.groupId && other.type === item.type && other.error === item.error;
}
