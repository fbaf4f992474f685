import { delayOf } from './delay';
import { drainOf } from './drain';
import { floorsOf, type Floor } from './floors';
import { followPartition, isStopped, restart } from './follow';
import { groupJudgement } from './group-judgement';
import { lossOf } from './losses';
import { partitionVerdict, settle, sinceOf } from './partition-verdict';
import { longestInterval, patienceMs } from './patience';
import { BEHIND_AFTER_MS, CAUGHT_UP_MS, SECOND_MS, STORM_MS, STORM_SAMPLES } from './settings';
import { newTrend, type JudgeState, type Trend } from './state';
import { nextTrend } from './trend';
import { followTurns, poolsOf, type Judged } from './turns';
import type {
  Delay,
  Direction,
  Drain,
  GroupJudgement,
  GroupSample,
  Loss,
  PartitionJudgement,
  PartitionSample,
} from './types';
import { unreadOf } from './unread';

const MINUTE_MS = 60_000;
const MAX_POOL_INTERVAL_MS = 120_000;
/** Moves without members after which a group reads without membership; one may be a reset by a tool. */
const MOVES_OF_SIMPLE = 2;
const MOVES_OF_OTHERS = 3;

/** Samples of the last minutes of each partition by `<topic>/<partition>`, oldest first; the newest may be of an earlier time. */
export type Windows = ReadonlyMap<string, readonly PartitionSample[]>;

/** A partition at its newest sample, with the results of the following steps. */
interface Current extends Judged {
  samples: readonly PartitionSample[];
  sample: PartitionSample;
  delay: Delay | null;
}

/**
 * Judges a group after a sample: each of its partitions first, the group by the worst of them. Pure; the state is plain JSON.
 * @param before state after the sample before, see `newState`
 */
export function judge(
  facts: GroupSample,
  windows: Windows,
  before: JudgeState,
): { judgement: GroupJudgement; state: JudgeState } {
  const group: JudgeState = {
    ...before,
    unstableAt: before.unstableAt.filter((at) => at > facts.at - MINUTE_MS),
    pools: { ...before.pools },
    partitions: { ...before.partitions },
  };
  const hadNobody = group.emptySamples > 0;
  followGroup(group, facts);
  const partitions = followAll(group, facts, windows, hadNobody);
  for (const item of partitions) followDelay(item, group, facts);
  followTurns(partitions, group, facts.at, facts.periodMs);
  const { trends, floors, pools } = followTrends(partitions, group, facts);
  const losses = partitions.flatMap(({ place, state, sample, reader }): Loss[] => {
    const loss = sample.at === facts.at ? lossOf(place, state, sample, reader, group, facts.periodMs) : null;
    return loss ? [loss] : [];
  });
  followStorm(group, facts, partitions);
  const judgements = partitions.flatMap((item): PartitionJudgement[] => {
    const mates = item.reader === null ? undefined : pools.get(item.reader);
    const isPooled = mates?.includes(item) ?? false;
    const judged = judgePartition(item, partitions, {
      group,
      facts,
      direction:
        (isPooled ? null : directionOfMember(item, partitions, trends)) ??
        trends.get(item.place)?.direction ??
        null,
      floors: floors.get(item.place) ?? [],
      lag: isPooled && mates ? mates.reduce((sum, { unread }) => sum + (unread ?? 0), 0) : (item.unread ?? 0),
    });
    return judged ? [judged] : [];
  });
  return { judgement: groupJudgement(facts, group, judgements, losses), state: group };
}

/** Members, and since when there are none. */
function followGroup(group: JudgeState, facts: GroupSample): void {
  const isFirst = group.measuredAt === null;
  group.measuredAt = facts.at;
  if (isStopped(facts)) group.unstableAt.push(facts.at);
  if (facts.members === 0) {
    group.emptySamples += 1;
    group.nobodySince ??= { at: facts.at, isAtLeast: isFirst };
  } else if (facts.members !== null) {
    group.emptySamples = 0;
    group.nobodySince = null;
    group.movesWithoutMembers = 0;
    group.movedWithoutMembersAt = null;
    group.readsWithoutMembership = false;
  }
}

function followAll(group: JudgeState, facts: GroupSample, windows: Windows, hadNobody: boolean): Current[] {
  const found: Current[] = [];
  const isBack = hadNobody && facts.members !== null && facts.members > 0;
  for (const place of Object.keys(group.partitions)) if (!windows.has(place)) delete group.partitions[place];
  for (const [place, samples] of windows) {
    const sample = samples.at(-1);
    if (!sample) continue;
    const before = group.partitions[place];
    let state = before;
    if (sample.at === facts.at && sample.position !== undefined) {
      const isMove =
        before?.position !== null &&
        before?.position !== undefined &&
        sample.position !== null &&
        sample.position > before.position;
      if (hadNobody && facts.members === 0 && isMove) {
        group.movesWithoutMembers += 1;
        group.movedWithoutMembersAt = facts.at;
        const needed = facts.isSimple ? MOVES_OF_SIMPLE : MOVES_OF_OTHERS;
        if (group.movesWithoutMembers >= needed) group.readsWithoutMembership = true;
      }
      state = followPartition(before, sample, facts, group);
      // Lag of a time without a reader has no bearing on now.
      if (isBack) {
        restart(state, facts.at);
        const resumedLag = unreadOf(sample, state);
        Object.assign(state, { stillMs: 0, stillSince: facts.at, isStanding: false, resumedLag });
      }
      group.partitions[place] = state;
    }
    if (state)
      found.push({
        place,
        samples,
        sample,
        state,
        reader: null,
        unread: unreadOf(sample, state),
        delay: null,
      });
  }
  for (const item of found)
    item.reader = group.readsWithoutMembership ? '(without membership)' : item.state.holder;
  return found;
}

/** Delay at commits decides whether a partition is behind; between two commits it only shows the age of the last one. */
function followDelay(item: Current, group: JudgeState, facts: GroupSample): void {
  const { state, sample, unread } = item;
  item.delay = sample.at === facts.at ? delayOf(state, sample) : null;
  const interval = longestInterval(state, group);
  const enterMs = Math.max(BEHIND_AFTER_MS, interval + 3 * facts.periodMs);
  const leaveMs = Math.max(CAUGHT_UP_MS, interval + 2 * facts.periodMs);
  const isCommit = state.movedAt === facts.at || unread === 0;
  // The commit happened half a period before its sample, on average.
  const delayMs =
    item.delay && Math.max(0, item.delay.seconds * SECOND_MS - (isCommit ? facts.periodMs / 2 : 0));
  state.formerDelayAtCommitMs = state.delayAtCommitMs;
  if (isCommit) state.delayAtCommitMs = delayMs;
  if (unread === 0) {
    state.isBehind = false;
    state.lateCommits = 0;
  } else if (isCommit && delayMs !== null) {
    state.lateCommits = delayMs > enterMs ? state.lateCommits + 1 : 0;
    // A position that was set back is no accident of when a commit happened.
    if (state.lateCommits >= 2 || (state.lateCommits > 0 && state.movedBackAt === facts.at))
      state.isBehind = true;
    if (delayMs <= leaveMs) state.isBehind = false;
  } else if (
    delayMs !== null &&
    delayMs > enterMs &&
    // Without members, what waits does not wait for a commit.
    ((group.emptySamples >= 2 && !facts.isSimple && !group.readsWithoutMembership) ||
      state.stillMs >= patienceMs(state, group, facts.periodMs))
  )
    state.isBehind = true;
}

function followTrends(partitions: readonly Current[], group: JudgeState, facts: GroupSample) {
  const { at, periodMs } = facts;
  const pools = poolsOf(partitions, at) as Map<string, Current[]>;
  const trends = new Map<string, Trend>();
  const floors = new Map<string, Floor[]>();
  const seriesOf = ({ samples, state }: Current) => ({ samples, readsUncommitted: state.readsUncommitted });
  for (const reader of Object.keys(group.pools)) if (!pools.has(reader)) delete group.pools[reader];
  for (const item of partitions) {
    const { state } = item;
    // Only a partition that is behind and moves has a trend; it is found anew from the window until then.
    const isMoving = state.isBehind && !state.isStanding;
    const list = isMoving ? floorsOf([seriesOf(item)], state.resumedAt ?? 0) : [];
    state.trend = isMoving
      ? nextTrend(state.trend, list, at, longestInterval(state, group), periodMs)
      : newTrend();
    trends.set(item.place, state.trend);
    floors.set(item.place, list);
  }
  for (const [reader, mates] of pools) {
    const from = Math.max(...mates.map(({ state }) => state.resumedAt ?? 0));
    const list = floorsOf(mates.map(seriesOf), from);
    const interval = Math.min(MAX_POOL_INTERVAL_MS, Math.max(0, ...group.intervals));
    const trend = nextTrend(group.pools[reader] ?? newTrend(), list, at, interval, periodMs);
    group.pools[reader] = trend;
    for (const { place } of mates) {
      trends.set(place, trend);
      floors.set(place, list);
    }
  }
  return { trends, floors, pools };
}

/** Of a partition that waits for its turn: the direction of the one that its member reads now. */
function directionOfMember(
  { state, reader }: Current,
  partitions: readonly Current[],
  trends: ReadonlyMap<string, Trend>,
): Direction | null {
  if (reader === null || state.waitedAt === null) return null;
  const [busy] = partitions
    .filter((other) => other.reader === reader && other.state.hasMoved)
    .sort((a, b) => b.state.movedAt - a.state.movedAt);
  return busy ? (trends.get(busy.place)?.direction ?? null) : null;
}

/** A rebalance storm: unstable in a third of a minute, while something is unread. Deployments are none. */
function followStorm(group: JudgeState, facts: GroupSample, partitions: readonly Current[]): void {
  const [first, last] = [group.unstableAt[0], group.unstableAt.at(-1)];
  const spreadMs = first !== undefined && last !== undefined ? last - first : 0;
  const isUnread = partitions.some(({ unread }) => (unread ?? 0) > 0);
  const needed = Math.min(STORM_SAMPLES, Math.max(3, STORM_MS / facts.periodMs));
  if (spreadMs >= STORM_MS && group.unstableAt.length >= needed && isUnread) group.isStorm = true;
  if (group.unstableAt.length === 0 || !isUnread) group.isStorm = false;
}

interface Circumstances {
  group: JudgeState;
  facts: GroupSample;
  direction: Direction | null;
  floors: Floor[];
  /** Of the partition, or of all that its member reads in turns. */
  lag: number;
}

/** Verdicts at which what is unread is on its way: there is nothing to drain. */
const FINE = new Set(['keeping_up', 'idle', 'read_without_membership']);
const DRAINS = new Set(['catching_up', 'moved_back', 'waits_turn']);

function judgePartition(
  item: Current,
  partitions: readonly Current[],
  { group, facts, direction, floors, lag }: Circumstances,
): PartitionJudgement | null {
  const { place, state, sample, unread, delay } = item;
  const topic = topicOf(place);
  const isTopicRead = partitions.some(
    (other) => other !== item && topicOf(other.place) === topic && other.state.position !== null,
  );
  const verdict = group.isStorm
    ? 'rebalancing'
    : partitionVerdict({ state, sample, unread, delay, direction, isTopicRead, group, facts });
  if (verdict !== null) settle(state, verdict, sinceOf(verdict, state, facts, group), facts.at);
  // A position that was deleted is none to judge.
  if (state.verdict === null && sample.position === null && item.reader === null) return null;
  const drain = (): Drain => {
    if (state.verdict === null || state.verdict === 'no_data') return { kind: 'unknown' };
    if (FINE.has(state.verdict)) return { kind: unread === 0 ? 'done' : 'unknown' };
    if (!DRAINS.has(state.verdict)) return { kind: 'never' };
    const intervalMs = longestInterval(state, group);
    const isCompacted = facts.compacted?.has(topic) ?? false;
    return drainOf(floors, facts.at, { lag, direction, intervalMs, periodMs: facts.periodMs, isCompacted });
  };
  return {
    place,
    verdict: state.verdict ?? 'no_data',
    isMeasuring: state.verdict === null,
    since: state.verdictSince ?? { at: state.firstSeenAt, isAtLeast: true },
    lag: unread,
    delay,
    drain: drain(),
    movedBackFrom: state.movedBackAt === null ? null : state.furthest,
    direction,
  };
}

/** Topic of `<topic>/<partition>`. */
export function topicOf(place: string): string {
  return place.slice(0, place.lastIndexOf('/'));
}
