import type { Verdict } from '../verdict';
import type { Direction, PartitionSample, Since } from './types';

/** Direction of the lag of one partition, or of all that one member reads in turns. */
export interface Trend {
  direction: Direction | null;
  /** When it last turned. Commits from before are no evidence for another turn. */
  turnedAt: number;
  flatSince: number | null;
  /** A turn that was seen in one sample and has to be seen in another. */
  candidate: Direction | null;
}

/** What is kept of a partition from sample to sample. It is plain JSON and survives a restart. */
export interface PartitionState {
  firstSeenAt: number;
  measuredAt: number;
  position: number | null;
  end: number;
  holder: string | null;
  heldSince: number;
  /** Last move of the position; the first sight, as long as none was seen. */
  movedAt: number;
  hasMoved: boolean;
  unreadSince: number | null;
  /** Begin of the standstill, and how much of it was observed. */
  stillSince: number;
  stillMs: number;
  /** Times between two moves while something was unread. */
  intervals: number[];
  isStanding: boolean;
  /** A reader came back, or the position was moved: what lag did before has no bearing. */
  resumedAt: number | null;
  /** Lag when members came back; null: they did not, or it is not known. */
  resumedLag: number | null;
  /** Turns of a member that reads its partitions one after the other. */
  turnAt: number | null;
  previousTurnAt: number | null;
  waitedAt: number | null;
  /** When the other partitions of the member had read all that they had when this one stopped. */
  lapAt: number | null;
  restedAt: number | null;
  /** Whether other partitions of the member with a backlog moved beside this one, at its last moves: 1 or 0. */
  parallel: number[];
  stable: number;
  stableSince: number;
  /** How long transactions held the stable offset. */
  transactions: number[];
  readsUncommitted: boolean;
  /** Furthest position, and when a position below it was set. */
  furthest: number | null;
  movedBackAt: number | null;
  beyondSince: number | null;
  noPositionSince: number | null;
  notAssignedSince: number | null;
  isBehind: boolean;
  /** Commits in a row with a delay above the threshold. */
  lateCommits: number;
  /** Delay right after the last commit, and after the one before. */
  delayAtCommitMs: number | null;
  formerDelayAtCommitMs: number | null;
  /** Times of the last minute at which the log grew. */
  arrivals: number[];
  isIdle: boolean;
  /** Times and readable ends of the log, from the last one that the position has reached. */
  ends: [at: number, end: number][];
  trend: Trend;
  lostTo: number | null;
  verdict: Verdict | null;
  verdictSince: Since | null;
  candidate: Verdict | null;
  candidateAt: number;
}

/** What is kept of a group from sample to sample. */
export interface JudgeState {
  firstSeenAt: number;
  measuredAt: number | null;
  nobodySince: Since | null;
  /** Samples in a row without members. */
  emptySamples: number;
  /** Moves without members, and the last of them. */
  movesWithoutMembers: number;
  movedWithoutMembersAt: number | null;
  readsWithoutMembership: boolean;
  intervals: number[];
  /** Samples of the last minute in which the group was rebalancing. */
  unstableAt: number[];
  isStorm: boolean;
  /** Trends of members that read in turns. */
  pools: Record<string, Trend>;
  verdict: Verdict | null;
  verdictSince: Since | null;
  partitions: Record<string, PartitionState>;
}

export const newTrend = (): Trend => ({ direction: null, turnedAt: 0, flatSince: null, candidate: null });

/** State of a group that was never measured. */
export function newState(at: number): JudgeState {
  return {
    firstSeenAt: at,
    measuredAt: null,
    nobodySince: null,
    emptySamples: 0,
    movesWithoutMembers: 0,
    movedWithoutMembersAt: null,
    readsWithoutMembership: false,
    intervals: [],
    unstableAt: [],
    isStorm: false,
    pools: {},
    verdict: null,
    verdictSince: null,
    partitions: {},
  };
}

/** State of a partition at its first sample. */
export function newPartition(sample: PartitionSample): PartitionState {
  const { at, end, stable, holder } = sample;
  const position = sample.position ?? null;
  return {
    firstSeenAt: at,
    measuredAt: at,
    position,
    end,
    holder,
    heldSince: at,
    movedAt: at,
    hasMoved: false,
    unreadSince: null,
    stillSince: at,
    stillMs: 0,
    intervals: [],
    isStanding: false,
    resumedAt: null,
    resumedLag: null,
    turnAt: null,
    previousTurnAt: null,
    waitedAt: null,
    lapAt: null,
    restedAt: null,
    parallel: [],
    stable,
    stableSince: at,
    transactions: [],
    readsUncommitted: false,
    furthest: position,
    movedBackAt: null,
    beyondSince: null,
    noPositionSince: null,
    notAssignedSince: null,
    isBehind: false,
    lateCommits: 0,
    delayAtCommitMs: null,
    formerDelayAtCommitMs: null,
    arrivals: [],
    isIdle: true,
    ends: [],
    trend: newTrend(),
    lostTo: null,
    verdict: null,
    verdictSince: null,
    candidate: null,
    candidateAt: at,
  };
}
