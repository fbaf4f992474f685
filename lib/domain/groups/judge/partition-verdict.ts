import { patienceMs } from './patience';
import {
  BEHIND_AFTER_MS,
  IDLE_AFTER_MS,
  MAX_PATIENCE_MS,
  MIN_ABSENCE_MS,
  MIN_PATIENCE_MS,
  MOVED_BACK_AFTER_MS,
  NOT_ASSIGNED_AFTER_MS,
  UNKNOWN_PATIENCE_MS,
} from './settings';
import { isStopped } from './follow';
import type { JudgeState, PartitionState } from './state';
import type { Delay, Direction, GroupSample, PartitionSample, Since } from './types';
import type { Verdict } from '../verdict';

/** What the verdict of one partition depends on. */
export interface PartitionCase {
  state: PartitionState;
  sample: PartitionSample;
  unread: number | null;
  delay: Delay | null;
  /** Of the partition, or of all that its member reads in turns. */
  direction: Direction | null;
  /** Whether the group has positions on other partitions of the topic. */
  isTopicRead: boolean;
  group: JudgeState;
  facts: GroupSample;
}

/**
 * Verdict of a partition at its newest sample.
 * @returns null where nothing is proven: the verdict of before stays
 */
export function partitionVerdict(item: PartitionCase): Verdict | null {
  const { state, sample, unread, group, facts } = item;
  if (sample.position === undefined) return null;
  if (sample.brokerLag === null) return 'no_data';
  if (state.beyondSince !== null && sample.brokerLag === undefined)
    return isLong(state.beyondSince, Math.max(MOVED_BACK_AFTER_MS, facts.periodMs), facts)
      ? 'beyond_end'
      : null;
  if (sample.position === null) return withoutPosition(item);
  if (unread === null) return null;
  if (facts.members === 0 && !group.readsWithoutMembership) return withoutMembers(item);
  if (isStopped(facts)) return state.verdict === null && unread > 0 ? 'rebalancing' : null;
  const isUnassigned = facts.members !== null && facts.members > 0 && sample.holder === null;
  if (isUnassigned && facts.state !== 'Empty') {
    if (unread === 0) return quietVerdict(item, false);
    const waitMs = Math.max(NOT_ASSIGNED_AFTER_MS, 2 * facts.periodMs);
    const isProven =
      isLong(state.notAssignedSince, waitMs, facts) && isLong(state.unreadSince, waitMs, facts);
    return isProven ? (facts.state === 'Stable' ? 'not_assigned' : 'rebalancing') : null;
  }
  const isHeldBack =
    !state.readsUncommitted &&
    sample.end > sample.stable &&
    sample.position >= sample.stable &&
    sample.brokerLag === undefined;
  if (isHeldBack) return heldBackVerdict(item);
  if (unread === 0) return quietVerdict(item, false);
  return readingVerdict(item);
}

/** Whether it waited for its turn at the newest sample, or at the one before. */
const isWaiting = (state: PartitionState, facts: GroupSample) =>
  state.waitedAt !== null && facts.at - state.waitedAt <= 1.5 * facts.periodMs;

const isLong = (since: number | null, ms: number, { at }: GroupSample) => since !== null && at - since >= ms;

function withoutPosition({ state, sample, isTopicRead, facts }: PartitionCase): Verdict | null {
  const held = heldBy(state, sample, facts);
  if (sample.end <= sample.start) return held === null ? null : 'idle';
  const isRead = held !== null || ((facts.members ?? 0) > 0 && !facts.isSimple && isTopicRead);
  if (!isRead) {
    // The positions of a topic that the group left were deleted.
    state.verdict = null;
    return null;
  }
  if (isWaiting(state, facts)) return 'waits_turn';
  const isProven =
    isLong(state.noPositionSince, MIN_PATIENCE_MS, facts) &&
    isLong(state.heldSince, MIN_PATIENCE_MS, facts) &&
    (state.waitedAt === null || isLong(state.waitedAt, MIN_PATIENCE_MS, facts));
  return isProven ? 'no_position' : null;
}

/** While a group rebalances, the member of before. */
const heldBy = (state: PartitionState, sample: PartitionSample, facts: GroupSample) =>
  isStopped(facts) ? state.holder : sample.holder;

function withoutMembers(item: PartitionCase): Verdict | null {
  const { state, unread, group, facts } = item;
  const { at, isSimple, periodMs } = facts;
  const since = group.nobodySince?.at ?? at;
  // A group without a protocol commits without membership; only time distinguishes it from one that ended.
  const isProven = isSimple
    ? at - state.firstSeenAt >= UNKNOWN_PATIENCE_MS ||
      isLong(group.movedWithoutMembersAt, patienceMs(state, group, periodMs), facts)
    : group.emptySamples >= 2 && at - since >= Math.max(MIN_ABSENCE_MS, 0.9 * periodMs);
  if (unread !== 0) return isProven ? 'no_members' : null;
  if (isSimple) return isProven ? quietVerdict(item, true) : null;
  return group.emptySamples >= 2 || state.verdict === null ? quietVerdict(item, true) : null;
}

/** Nothing is readable, and an open transaction holds records back. */
function heldBackVerdict({ state, facts }: PartitionCase): Verdict | null {
  const longest = Math.max(0, ...state.transactions);
  const usualMs = longest > 0 ? 2 * longest + 2 * facts.periodMs : 0;
  if (isLong(state.stableSince, Math.max(MIN_PATIENCE_MS, usualMs), facts)) return 'waits_transaction';
  if (state.verdict === null) return 'keeping_up';
  if (state.verdict === 'waits_transaction' || state.isBehind) return null;
  return state.verdict === 'idle' ? 'idle' : 'keeping_up';
}

function readingVerdict(item: PartitionCase): Verdict | null {
  const { state, sample, direction, group, facts } = item;
  if (isWaiting(state, facts)) return 'waits_turn';
  const patience = patienceMs(state, group, facts.periodMs);
  if (state.stillMs >= patience) {
    // Stuck needs a record that can be read: control records and aborted ones are none.
    // Without the right to read the topic that stays unknown: after a while the verdict of before is not proven any more.
    if (sample.readable === 'unknown') return state.stillMs >= MAX_PATIENCE_MS ? 'no_data' : null;
    state.isStanding = true;
    if (group.readsWithoutMembership && isLong(state.stillSince, 2 * patience, facts))
      group.readsWithoutMembership = false;
    return 'stuck';
  }
  if (state.waitedAt !== null) return null;
  if (state.movedBackAt !== null && state.isBehind)
    return isLong(state.movedBackAt, MOVED_BACK_AFTER_MS, facts) ? 'moved_back' : null;
  if (!state.isBehind) return onTimeVerdict(item, patience);
  if (direction === null) return firstVerdict(item);
  return direction === 'down' ? 'catching_up' : direction === 'up' ? 'falling_behind' : 'stays_behind';
}

/** Members are back, and too early for a trend: their first commit shows at least that they catch up. */
function firstVerdict({ state, unread }: PartitionCase): Verdict | null {
  const hasCommitted = state.movedAt > (state.resumedAt ?? Infinity);
  const isLess = state.resumedLag !== null && unread !== null && unread < state.resumedLag;
  return state.verdict === 'no_members' && hasCommitted && isLess ? 'catching_up' : null;
}

function onTimeVerdict({ state, delay, group }: PartitionCase, patience: number): Verdict | null {
  const isUnproven = delay === null || delay.isAtLeast;
  const isFirst = state.verdict === null || state.verdict === 'no_data';
  // The first sight of an old backlog: whether it is read is not known yet.
  if (state.verdict === null && !state.hasMoved) {
    if (isUnproven || delay.seconds * 1_000 > BEHIND_AFTER_MS) return null;
    state.isIdle = false;
    return 'keeping_up';
  }
  if (isFirst && isUnproven) return null;
  if (state.lateCommits > 0 && state.verdict !== 'keeping_up') return null;
  if (state.verdict === 'stuck' && (state.delayAtCommitMs ?? Infinity) > BEHIND_AFTER_MS) return null;
  if (state.verdict === 'idle' && state.stillMs < patience && state.arrivals.length < 2) return null;
  state.isIdle = false;
  return fineVerdict(group);
}

const fineVerdict = (group: JudgeState): Verdict =>
  group.readsWithoutMembership ? 'read_without_membership' : 'keeping_up';

function quietVerdict({ state, group, facts }: PartitionCase, isEmpty: boolean): Verdict | null {
  if (group.readsWithoutMembership) return fineVerdict(group);
  if (isEmpty) {
    state.isIdle = true;
    return 'idle';
  }
  const arrivals = state.arrivals.length;
  if (arrivals >= 2 || (state.verdict === null && arrivals > 0)) state.isIdle = false;
  if (arrivals === 0 && facts.at - Math.max(state.movedAt, state.firstSeenAt) >= IDLE_AFTER_MS)
    state.isIdle = true;
  // The first sight of a quiet partition: half a minute shows whether anything arrives.
  const isNew = state.verdict === null && arrivals === 0 && facts.at - state.firstSeenAt < MIN_PATIENCE_MS;
  return isNew ? null : state.isIdle ? 'idle' : 'keeping_up';
}

/** Since when a verdict holds: since its condition began, where that is known, else since now. */
export function sinceOf(
  verdict: Verdict,
  state: PartitionState,
  facts: GroupSample,
  group: JudgeState,
): Since {
  const { at, periodMs } = facts;
  const since = (from: number | null, isAtLeast = from === state.firstSeenAt): Since => ({
    at: from ?? at,
    isAtLeast,
  });
  switch (verdict) {
    case 'stuck':
    case 'no_data':
      return since(state.stillSince, !state.hasMoved && state.stillSince === state.firstSeenAt);
    case 'no_members':
      return group.nobodySince ?? since(at);
    case 'waits_transaction':
      return since(state.stableSince);
    case 'beyond_end':
      return since(state.beyondSince);
    case 'no_position':
      return since(state.noPositionSince);
    case 'moved_back':
      return since(state.movedBackAt, false);
    case 'not_assigned':
      return since(state.notAssignedSince);
    default: {
      const isNew = state.firstSeenAt === group.firstSeenAt || !state.hasMoved;
      return { at, isAtLeast: isNew && at - state.firstSeenAt < 2 * periodMs };
    }
  }
}

/** Verdicts with a hysteresis of their own, or that waited for a patience: they take effect at once. */
const PROVEN: ReadonlySet<Verdict> = new Set(['stuck', 'no_members', 'beyond_end', 'waits_transaction']);
const TRENDS: ReadonlySet<Verdict> = new Set(['catching_up', 'falling_behind', 'stays_behind']);
/** Verdicts whose begin becomes known better while they hold. */
const MOVING_SINCE: ReadonlySet<Verdict> = new Set(['stuck', 'no_members']);

/** Gives a partition a verdict. A change has to be seen in two samples, so that one odd sample changes nothing. */
export function settle(state: PartitionState, verdict: Verdict, since: Since, now: number): void {
  if (state.verdict === verdict) {
    state.candidate = null;
    if (!state.verdictSince || MOVING_SINCE.has(verdict)) state.verdictSince = since;
    return;
  }
  const before = state.verdict;
  const isProven =
    PROVEN.has(verdict) ||
    before === null ||
    before === 'no_data' ||
    (TRENDS.has(verdict) && TRENDS.has(before));
  if (!isProven && state.candidate !== verdict) {
    state.candidate = verdict;
    state.candidateAt = now;
    return;
  }
  state.verdict = verdict;
  const isOfNow = since.at === now && !isProven;
  state.verdictSince = isOfNow ? { at: state.candidateAt, isAtLeast: false } : since;
  state.candidate = null;
}
