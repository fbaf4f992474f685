import { asOf } from '@/lib/domain/groups/judge/group-judgement';
import { byTrouble as byVerdict, standingOf } from '@/lib/domain/groups/verdict';
import type { GroupFigures, LossView } from '@/lib/contract/groups';
import type { GroupNow } from '@/lib/store/lag/read-lag';
import type { StoredJudgement } from '@/lib/store/lag/write-sample';
import type { StoredLoss } from '@/lib/store/groups/losses';
import { isExpected } from '@/lib/domain/groups/expectation';
import type { StoredExpectation } from '@/lib/store/groups/expectations';

/** Judgement of a group that release 0.1 measured, or that was listed and not yet measured. */
function unjudged(at: number): StoredJudgement {
  return {
    verdict: 'no_data',
    isMeasuring: true,
    since: { at, isAtLeast: true },
    lag: null,
    delay: null,
    drain: { kind: 'unknown' },
    worst: null,
    reading: 'unknown',
    topics: [],
    rateIn: null,
    rateOut: null,
    worstRow: null,
  };
}

/**
 * The figures of one group as every page, the API and the metrics show them: what the judge concluded of the last sample, or
 * that nothing is known any more.
 */
export function groupRow(
  now: Date,
  everySeconds: number,
  group: GroupNow,
  { losses, expectation }: Circumstances,
): GroupFigures {
  const measuredAt = group.sampledAt.getTime();
  const seen = group.judged ?? unjudged(measuredAt);
  const judged = asOf({ judgement: seen, measuredAt }, now.getTime(), everySeconds * 1_000);
  // What was measured too long ago may be sooner by now.
  const risk = judged.verdict === 'no_data' && !judged.isMeasuring ? null : (seen.risk ?? null);
  const lost = losses.map(lossView);
  const isExpectedNow = isExpected(expectation?.expectation ?? null, now);
  return {
    name: group.name,
    verdict: judged.verdict,
    isMeasuring: judged.isMeasuring,
    standing: standingOf(
      {
        verdict: judged.verdict,
        sinceMs: judged.since.at,
        isExpected: isExpectedNow,
        losses: losses.length,
        losesInSeconds: risk?.soonest?.presentSeconds ?? null,
      },
      now.getTime(),
    ),
    since: new Date(judged.since.at).toISOString(),
    sinceIsAtLeast: judged.since.isAtLeast,
    seenAs: seen.verdict,
    lag: judged.lag,
    behindSeconds: judged.delay?.seconds ?? null,
    behindIsAtLeast: judged.delay?.isAtLeast ?? false,
    drain: judged.drain,
    risk,
    reading: judged.reading,
    type: group.type,
    state: group.state,
    members: group.members?.length ?? null,
    topics: seen.topics,
    rateIn: seen.rateIn,
    rateOut: seen.rateOut,
    sampledAt: group.sampledAt.toISOString(),
    worst: judged.worst === null ? null : seen.worstRow,
    losses: lost,
    expected: expectation ? expectationView(expectation, isExpectedNow) : null,
    lost: lost.reduce((total, loss) => total + loss.messages, 0),
  };
}

/** Facts about a group besides its measurements. */
export interface Circumstances {
  losses: readonly StoredLoss[];
  /** Absent: nothing is expected. */
  expectation: StoredExpectation | undefined;
}

function expectationView(stored: StoredExpectation, isNow: boolean): GroupFigures['expected'] {
  const { expectation, note, setBy, setAt } = stored;
  return { expectation, isNow, note, by: setBy, at: setAt.toISOString() };
}

/** A loss as it is shown. */
export function lossView(loss: StoredLoss): LossView {
  return {
    topic: loss.topic,
    partition: loss.partition,
    from: loss.from.toString(),
    to: loss.to.toString(),
    messages: Number(loss.to - loss.from),
    at: loss.seenAt.toISOString(),
    isCertain: loss.isCertain,
  };
}

const STANDING_ORDER = { needs_a_look: 0, not_known: 1, on_its_way: 2, well: 3 } as const;

/** Seconds until a group loses data at the present rates; a group that does not comes last. */
const lossOrder = ({ risk }: GroupFigures) => risk?.soonest?.presentSeconds ?? Number.MAX_VALUE;

/** Groups that need attention first, then in order of trouble, then by when they lose data, then by how far behind in time. */
export function byTrouble(a: GroupFigures, b: GroupFigures): number {
  return (
    STANDING_ORDER[a.standing] - STANDING_ORDER[b.standing] ||
    byVerdict(a.verdict, b.verdict) ||
    lossOrder(a) - lossOrder(b) ||
    (b.behindSeconds ?? 0) - (a.behindSeconds ?? 0) ||
    (a.name < b.name ? -1 : 1)
  );
}
