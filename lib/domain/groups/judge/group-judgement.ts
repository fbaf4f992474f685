import { byTrouble, type Verdict } from '../verdict';
import { tooOldMs } from './settings';
import type { JudgeState } from './state';
import type { Drain, GroupJudgement, GroupSample, Loss, PartitionJudgement } from './types';

/** Verdicts that a group keeps while the trend of the member that reads in turns is not known. */
const KEPT: ReadonlySet<Verdict | null> = new Set<Verdict>([
  'keeping_up',
  'catching_up',
  'falling_behind',
  'stays_behind',
  'read_without_membership',
]);
const FINE: ReadonlySet<Verdict> = new Set(['keeping_up', 'idle', 'read_without_membership']);
const MOVING_SINCE: ReadonlySet<Verdict> = new Set(['stuck', 'no_members']);

/** Verdict of a group, which is that of its worst partition, and its figures. Lag is a sum; the drain is the slowest. */
export function groupJudgement(
  facts: GroupSample,
  group: JudgeState,
  partitions: PartitionJudgement[],
  losses: Loss[],
): GroupJudgement {
  // A new partition that is still measured does not hide the verdicts of the others.
  const isKnown =
    group.verdict !== null && group.verdict !== 'no_data' && partitions.some((item) => !item.isMeasuring);
  const judged = isKnown ? partitions.filter((item) => !item.isMeasuring) : partitions;
  const counted = judged.map((item) => ({ ...item, verdict: countedAs(item, group.verdict) }));
  const [worst] = counted.sort(
    (a, b) => byTrouble(a.verdict, b.verdict) || (b.delay?.seconds ?? 0) - (a.delay?.seconds ?? 0),
  );
  // Without any position, as after the deletion of a topic, nothing is left to read.
  const verdict = worst?.verdict ?? 'idle';
  if (group.verdict !== verdict) {
    group.verdict = verdict;
    group.verdictSince = worst?.since ?? { at: facts.at, isAtLeast: false };
  } else if (worst && MOVING_SINCE.has(verdict)) group.verdictSince = worst.since;
  const lags = partitions.flatMap(({ lag }) => lag ?? []);
  const delays = partitions.flatMap(({ delay }) => delay ?? []);
  return {
    verdict,
    isMeasuring: worst?.isMeasuring ?? false,
    since: group.verdictSince ?? { at: facts.at, isAtLeast: true },
    lag: lags.length === 0 && partitions.length > 0 ? null : lags.reduce((sum, lag) => sum + lag, 0),
    delay: delays.length === 0 ? null : delays.reduce((a, b) => (b.seconds > a.seconds ? b : a)),
    drain: slowest(partitions),
    worst: worst?.place ?? null,
    reading: readingOf(facts, group),
    losses,
    partitions,
  };
}

/** A partition that waits for its turn counts with the trend of its member. */
function countedAs({ verdict, direction }: PartitionJudgement, before: Verdict | null): Verdict {
  if (verdict !== 'waits_turn') return verdict;
  if (direction === null) return before !== null && KEPT.has(before) ? before : 'waits_turn';
  return ({ down: 'catching_up', up: 'falling_behind', flat: 'stays_behind' } as const)[direction];
}

function slowest(partitions: readonly PartitionJudgement[]): Drain {
  const drains = partitions
    .filter(({ lag, verdict }) => (lag ?? 0) > 0 && !FINE.has(verdict))
    .map(({ drain }) => drain);
  const never = drains.find(({ kind }) => kind === 'never') ?? drains.find(({ kind }) => kind === 'unknown');
  if (never) return never;
  return drains.reduce<Drain>(
    (a, b) => (b.kind === 'time' && (a.kind !== 'time' || b.highSeconds > a.highSeconds) ? b : a),
    // What is unread of a group that keeps up is on its way: it is not done, and no drain.
    { kind: partitions.every(({ lag }) => lag === 0) ? 'done' : 'unknown' },
  );
}

function readingOf({ members }: GroupSample, group: JudgeState): GroupJudgement['reading'] {
  if (members === null) return 'unknown';
  if (members > 0) return 'members';
  return group.readsWithoutMembership ? 'without_membership' : 'nobody';
}

/** A judgement as it is stored, and when it was made. */
export interface Stored<J> {
  judgement: J;
  measuredAt: number;
}

type WithoutPartitions = Omit<GroupJudgement, 'partitions' | 'losses'>;

/**
 * What a judgement means now: it holds for a while without a new sample, and then nothing is known. A failed sample changes no
 * verdict before that.
 */
export function asOf<J extends WithoutPartitions>(stored: Stored<J>, now: number, periodMs: number): J {
  const { judgement, measuredAt } = stored;
  if (now - measuredAt <= tooOldMs(periodMs)) return judgement;
  return {
    ...judgement,
    verdict: 'no_data',
    isMeasuring: false,
    since: { at: measuredAt, isAtLeast: false },
    lag: null,
    delay: null,
    drain: { kind: 'unknown' },
    worst: null,
    reading: 'unknown',
  };
}
