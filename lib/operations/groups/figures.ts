import { BEHIND, decodeLagChunk } from '@/lib/domain/groups/lag-chunk';
import { groupBy } from '@/lib/values/group-by';
import { drainSeconds, isOnTheWay, VERDICTS, verdictOf } from '@/lib/domain/groups/verdict';
import type { GroupListRow } from '@/lib/contract/groups';
import type { GroupNow, LagNow, StoredChunk } from '@/lib/store/lag/read-lag';

/** Records a partition is behind; a position beyond the end (a topic made anew) counts as none. */
export function lagOf(row: Pick<LagNow, 'committed' | 'end'>): number {
  return row.end > row.committed ? Number(row.end - row.committed) : 0;
}

const sum = (values: (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? known.reduce((a, b) => a + b, 0) : null;
};

/** The figures of one group, from what was measured last. */
export function groupRow(
  now: Date,
  everySeconds: number,
  name: string,
  rows: LagNow[],
  group: GroupNow | undefined,
  spark: (number | null)[],
): GroupListRow {
  const sampledAt = group?.sampledAt ?? rows[0]?.sampledAt ?? new Date(0);
  const figures = {
    lag: rows.reduce((total, row) => total + lagOf(row), 0),
    members: group?.members?.length ?? null,
    rateIn: sum(rows.map((row) => row.rateIn)),
    rateOut: sum(rows.map((row) => row.rateOut)),
    age: (now.getTime() - sampledAt.getTime()) / 1000,
    every: everySeconds,
    lost: rows.reduce((total, row) => total + lostOf(row), 0),
    stillSeconds: Math.max(0, ...rows.map(stillSecondsOf)),
  };
  const verdict = verdictOf(figures);
  const behind = rows.map((row) => row.behindSeconds).filter((value) => value !== null);
  return {
    name,
    verdict,
    seenAs: verdictOf({ ...figures, age: 0 }),
    lag: figures.lag,
    behindSeconds: behind.length > 0 ? Math.max(...behind) : null,
    // Independent of the other partitions: the stuck one does not catch up.
    drainSeconds: verdict === 'stuck' ? null : drainSeconds(figures),
    type: group?.type ?? 'classic',
    members: figures.members,
    noMembersSince: group?.noMembersSince?.toISOString() ?? null,
    topics: [...groupBy(rows, (row) => row.topic).keys()],
    rateIn: figures.rateIn,
    rateOut: figures.rateOut,
    sampledAt: sampledAt.toISOString(),
    spark,
    worst: worstOf(rows, figures.lost > 0),
    lost: figures.lost,
  };
}

/** Unread records of a partition that left the log. */
function lostOf(row: Pick<LagNow, 'committed' | 'start'>): number {
  return row.start > row.committed ? Number(row.start - row.committed) : 0;
}

/** Seconds for which a held partition with unread records had not moved when it was measured last. */
export function stillSecondsOf(row: LagNow): number {
  return row.member !== null && lagOf(row) > 0 ? (row.sampledAt.getTime() - row.movedAt.getTime()) / 1000 : 0;
}

/** The partition that explains a verdict: with the largest loss, the longest standstill, or the largest lag. */
function worstOf(rows: LagNow[], hasLost: boolean): GroupListRow['worst'] {
  const weight = (row: LagNow) => (hasLost ? lostOf(row) : stillSecondsOf(row));
  const [worst] = [...rows].sort((a, b) => weight(b) - weight(a) || lagOf(b) - lagOf(a));
  if (!worst) return null;
  return {
    topic: worst.topic,
    partition: worst.partition,
    lag: lagOf(worst),
    lost: lostOf(worst),
    committed: worst.committed.toString(),
    member: worst.member,
    host: worst.host,
    movedAt: worst.movedAt.toISOString(),
  };
}

/** Order of trouble first, then by how far behind in time. */
export function byTrouble(a: GroupListRow, b: GroupListRow): number {
  const order = VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict);
  return order || (b.behindSeconds ?? 0) - (a.behindSeconds ?? 0) || (a.name < b.name ? -1 : 1);
}

/**
 * Lines of lag out of chunks: at each step the largest value in it, null where nothing was measured.
 * @param lineOf name of the line that a partition of a topic belongs to, or null to leave it out; lines are sums
 */
export function linesOf(
  chunks: StoredChunk[],
  fromMs: number,
  toMs: number,
  stepSeconds: number,
  lineOf: (topic: string, partition: number) => string | null,
): Map<string, (number | null)[]> {
  const lines = new Map<string, (number | null)[]>();
  const places = placesOf(chunks, fromMs, toMs, stepSeconds, (topic, partition) =>
    partition === BEHIND ? null : lineOf(topic, partition),
  );
  for (const { line, values } of places) {
    const total = lines.get(line);
    if (!total) lines.set(line, [...values]);
    else values.forEach((value, at) => value !== null && (total[at] = (total[at] ?? 0) + value));
  }
  return lines;
}

/**
 * Since when a group has been behind without a break.
 * @param lag of each minute from `fromMs` on, null where it was not measured
 * @returns null if it was behind during the whole span
 */
export function behindSince(lag: (number | null)[], fromMs: number, rateOut: number): Date | null {
  const last = lag.findLastIndex((value) => value !== null && isOnTheWay(value, rateOut));
  const began = last >= 0 ? last + 1 : lag.findIndex((value) => value !== null);
  // Behind from the first measured minute on, so the start is unknown.
  return began <= 0 ? null : new Date(fromMs + began * 60_000);
}

/** By how many seconds a group was behind, on the topic where it was most; steps and gaps as in `linesOf`. */
export function behindOf(
  chunks: StoredChunk[],
  fromMs: number,
  toMs: number,
  stepSeconds: number,
): (number | null)[] {
  const [first, ...others] = placesOf(chunks, fromMs, toMs, stepSeconds, (_topic, partition) =>
    partition === BEHIND ? 'behind' : null,
  );
  const worst = [...(first?.values ?? [])];
  for (const { values } of others)
    values.forEach((value, at) => value !== null && (worst[at] = Math.max(worst[at] ?? 0, value)));
  return worst;
}

function placesOf(
  chunks: StoredChunk[],
  fromMs: number,
  toMs: number,
  stepSeconds: number,
  lineOf: (topic: string, partition: number) => string | null,
): { line: string; values: (number | null)[] }[] {
  const stepMs = stepSeconds * 1000;
  const count = Math.max(1, Math.ceil((toMs - fromMs) / stepMs));
  const places = new Map<string, { line: string; values: (number | null)[] }>();
  for (const stored of chunks) {
    const chunk = decodeLagChunk(stored.data);
    const offsetMs = stored.startAt.getTime() - fromMs;
    for (const [partition, values] of chunk.series) {
      const line = lineOf(stored.topic, partition);
      if (line === null) continue;
      const key = `${stored.topic}/${partition}`;
      const place = places.get(key) ?? { line, values: new Array<number | null>(count).fill(null) };
      places.set(key, place);
      const into = place.values;
      const slots = Math.min(values.length, Math.ceil(stored.spanSeconds / chunk.stepSeconds));
      for (let slot = 0; slot < slots; slot += 1) {
        const value = values[slot] ?? null;
        const at = Math.floor((offsetMs + slot * chunk.stepSeconds * 1000) / stepMs);
        if (value === null || at < 0 || at >= count) continue;
        const most = into[at] ?? null;
        if (most === null || value > most) into[at] = value;
      }
    }
  }
  return [...places.values()];
}
