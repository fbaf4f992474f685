import { longestInterval, patienceMs } from './patience';
import {
  MAX_PARALLEL_INTERVAL_MS,
  MIN_PATIENCE_MS,
  MIN_REST_MS,
  POOLED_MS,
  SECOND_MS,
  UNKNOWN_PATIENCE_MS,
} from './settings';
import type { JudgeState, PartitionState } from './state';

/** A partition with its newest figures, as the judge passes it on. */
export interface Judged {
  place: string;
  state: PartitionState;
  /** The member that reads it; null: none is known. */
  reader: string | null;
  unread: number | null;
}

const MOVES_KEPT = 10;
const MIN_MOVES = 6;
const PARALLEL_SHARE = 0.7;

/**
 * Finds the partitions that wait for their turn: their member moved another one after they stopped, and has not reached its end.
 * Such a wait is no standstill, unless the other partition had two turns meanwhile, the member reads side by side, or the turn is
 * overdue.
 */
export function followTurns(
  partitions: readonly Judged[],
  group: JudgeState,
  now: number,
  periodMs: number,
): void {
  const isBusy = ({ state, unread }: Judged, since: number) => {
    const rest = Math.max(MIN_PATIENCE_MS, Math.min(patienceMs(state, group, periodMs), UNKNOWN_PATIENCE_MS));
    const isAway =
      (state.delayAtCommitMs ?? 0) > Math.max(10 * SECOND_MS, 3 * periodMs, longestInterval(state, group));
    const isMoving = state.hasMoved && now - state.movedAt < rest && state.movedAt > since;
    return isMoving && isAway && (unread ?? 0) > 0;
  };
  for (const { place, state, reader } of partitions) {
    if (reader === null) continue;
    const siblings = partitions.filter((other) => other.place !== place && other.reader === reader);
    if (state.movedAt === now) {
      const isParallel = siblings.some((other) => other.state.movedAt === now && isBusy(other, 0));
      state.parallel = [...state.parallel, isParallel ? 1 : 0].slice(-MOVES_KEPT);
      continue;
    }
    // A client that commits what it read alone has no position on a partition before its first turn.
    if (state.unreadSince === null && state.noPositionSince === null) continue;
    const moves = state.parallel.length;
    const readsInParallel =
      moves >= MIN_MOVES &&
      state.parallel.reduce((a, b) => a + b, 0) >= PARALLEL_SHARE * moves &&
      longestInterval(state, group) <= MAX_PARALLEL_INTERVAL_MS;
    const isOvertaken = siblings.some((other) => (other.state.previousTurnAt ?? 0) > state.stillSince);
    const busy = siblings.filter((other) => isBusy(other, state.stillSince));
    if (readsInParallel || isOvertaken || busy.length === 0 || isDue(state, busy, now)) continue;
    // Patience begins anew when its turn should come.
    state.stillMs = 0;
    const restMs = now - state.stillSince;
    if (restMs >= Math.max(MIN_REST_MS, 3 * periodMs)) state.restedAt = now;
    if (restMs >= MIN_PATIENCE_MS) state.waitedAt = now;
  }
}

/**
 * Whether a partition should have had its turn: the others have read all that they had when it stopped, and then all that they
 * had at that moment. A client has at most that much in its buffers.
 */
function isDue(state: PartitionState, busy: readonly Judged[], now: number): boolean {
  if (state.lapAt === null && busy.every((other) => hasPassedEndOf(other.state, state.stillSince)))
    state.lapAt = now;
  const { lapAt } = state;
  return lapAt !== null && lapAt < now && busy.every((other) => hasPassedEndOf(other.state, lapAt));
}

/** Whether a position has passed the end that its log had at a time. */
function hasPassedEndOf(state: PartitionState, time: number): boolean {
  const [reached] = state.ends;
  return reached !== undefined && reached[0] >= time && reached[1] <= (state.position ?? 0);
}

/** Partitions of members that read them in turns, by member: their lag has one trend, and rates of one mean nothing. */
export function poolsOf(partitions: readonly Judged[], now: number): Map<string, Judged[]> {
  const pools = new Map<string, Judged[]>();
  for (const { reader } of partitions) {
    if (reader === null || pools.has(reader)) continue;
    const mates = partitions.filter(
      (other) => other.reader === reader && !other.state.isStanding && other.state.position !== null,
    );
    const rested = mates.some(({ state }) => state.restedAt !== null && now - state.restedAt < POOLED_MS);
    if (mates.length > 1 && rested) pools.set(reader, mates);
  }
  return pools;
}
