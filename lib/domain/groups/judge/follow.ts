import { rememberEnd } from './delay';
import {
  ARRIVALS_MS,
  BLIND_PERIODS,
  MAX_INTERVALS,
  MAX_MOVED_BACK_MS,
  MAX_PATIENCE_MS,
  MIN_PATIENCE_MS,
} from './settings';
import { newPartition, newTrend, type JudgeState, type PartitionState } from './state';
import type { GroupSample, PartitionSample } from './types';
import { unreadOf } from './unread';

/** Whether a rebalance stops all members. Those of the new protocol (KIP-848: Assigning, Reconciling) stop no member. */
export function isStopped(group: Pick<GroupSample, 'state'>): boolean {
  return group.state === 'PreparingRebalance' || group.state === 'CompletingRebalance';
}

/** The known position of a sample, or null. */
const positionOf = (sample: PartitionSample) => sample.position ?? null;

/**
 * What one partition's own sample shows: moves, standstill, arrivals, transactions, moves back.
 * @param before state after the sample before; absent at the first one
 * @param group learns the intervals of its partitions
 */
export function followPartition(
  before: PartitionState | undefined,
  sample: PartitionSample,
  facts: GroupSample,
  group: JudgeState,
): PartitionState {
  if (!before) {
    const first = newPartition(sample);
    setConditions(first, sample);
    if ((unreadOf(sample, first) ?? 0) > 0) first.unreadSince = sample.at;
    rememberEnd(first, sample);
    return first;
  }
  const now = sample.at;
  const state: PartitionState = {
    ...before,
    intervals: [...before.intervals],
    transactions: [...before.transactions],
    ends: before.ends.map((pair): [number, number] => [...pair]),
    arrivals: before.arrivals.filter((at) => at > now - ARRIVALS_MS),
  };
  const isSettled = !isStopped(facts);
  // Time without a measurement is no standstill: a frozen broker freezes its clients too.
  const isBlind = now - before.measuredAt > BLIND_PERIODS * facts.periodMs;
  const observedMs = isBlind ? facts.periodMs : now - before.measuredAt;
  state.measuredAt = now;
  if (isSettled) followHolder(state, sample);
  followLog(state, sample);
  const position = positionOf(sample);
  const isForward = before.position !== null && position !== null && position > before.position;
  const isBack = before.position !== null && position !== null && position < before.position;
  if (isForward) {
    const interval = before.unreadSince === null ? facts.periodMs : now - before.stillSince;
    // A time without a reader, or with another one, is no time between two commits.
    const isOfReader = before.stillSince >= state.heldSince;
    const isLearnt =
      !isBlind &&
      isSettled &&
      isOfReader &&
      !before.isStanding &&
      before.waitedAt === null &&
      before.hasMoved;
    if (isLearnt && interval <= MAX_PATIENCE_MS) {
      state.intervals = [...state.intervals, interval].slice(-MAX_INTERVALS);
      group.intervals = [...group.intervals, interval].slice(-2 * MAX_INTERVALS);
    }
    if (before.waitedAt !== null && interval >= MIN_PATIENCE_MS) {
      state.previousTurnAt = before.turnAt;
      state.turnAt = now;
    }
    if (before.isStanding) restart(state, now);
    state.hasMoved = true;
  }
  // The first commit: the reader has begun.
  const isFirst = before.position === null && position !== null;
  if (isFirst) state.hasMoved = true;
  followMovesBack(state, sample, isBack);
  if (isForward || isBack || isFirst) {
    state.movedAt = now;
    moved(state, now);
  }
  const unread = unreadOf(sample, state);
  if (unread === 0) {
    state.unreadSince = null;
    moved(state, now);
  } else if (unread !== null && state.unreadSince === null) {
    // Standstill begins with the first unread record: a quiet topic never moves.
    state.unreadSince = now;
    moved(state, now);
  } else if (unread !== null && !isForward && !isBack && isSettled) state.stillMs += observedMs;
  if (sample.position !== undefined) state.position = position;
  setConditions(state, sample);
  rememberEnd(state, sample);
  return state;
}

/** A reader begins anew: what lag did before has no bearing. */
export function restart(state: PartitionState, now: number): void {
  state.resumedAt = now;
  state.trend = newTrend();
}

/** The standstill is over. */
function moved(state: PartitionState, now: number): void {
  state.stillSince = now;
  state.stillMs = 0;
  state.isStanding = false;
  state.waitedAt = null;
  state.lapAt = null;
}

function followHolder(state: PartitionState, sample: PartitionSample): void {
  if (sample.holder !== state.holder) {
    state.holder = sample.holder;
    state.heldSince = sample.at;
    state.stillMs = 0;
  }
  state.notAssignedSince = sample.holder === null ? (state.notAssignedSince ?? sample.at) : null;
}

function followLog(state: PartitionState, sample: PartitionSample): void {
  const { at, end, stable } = sample;
  if (end > state.end) state.arrivals.push(at);
  // A topic that was made anew.
  if (end < state.end) Object.assign(state, { furthest: null, lostTo: null });
  state.end = end;
  if (stable !== state.stable) {
    if (stable > state.stable && end > state.stable)
      state.transactions = [...state.transactions, at - state.stableSince].slice(-MAX_INTERVALS);
    state.stable = stable;
    state.stableSince = at;
  } else if (end === stable) state.stableSince = at;
  const position = positionOf(sample);
  if (position !== null && position > stable && position <= end) state.readsUncommitted = true;
}

function followMovesBack(state: PartitionState, sample: PartitionSample, isBack: boolean): void {
  const position = positionOf(sample);
  if (isBack && sample.end >= (state.furthest ?? 0)) {
    state.movedBackAt = sample.at;
    restart(state, sample.at);
  }
  if (position !== null) state.furthest = Math.max(state.furthest ?? 0, position);
  const isOver =
    position === null ||
    position >= (state.furthest ?? 0) ||
    sample.at - (state.movedBackAt ?? 0) > MAX_MOVED_BACK_MS;
  if (isOver) {
    state.movedBackAt = null;
    if (position !== null) state.furthest = position;
  }
}

function setConditions(state: PartitionState, sample: PartitionSample): void {
  const { at, position, start, end } = sample;
  if (position === undefined) return;
  state.beyondSince = position !== null && position > end ? (state.beyondSince ?? at) : null;
  state.noPositionSince = position === null && end > start ? (state.noPositionSince ?? at) : null;
}
