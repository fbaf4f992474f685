import { describe, expect, it } from 'vitest';
import { judge } from '@/lib/domain/groups/judge/judge';
import { newState } from '@/lib/domain/groups/judge/state';
import type { PartitionSample } from '@/lib/domain/groups/judge/types';
import { standingOf, type Verdict } from '@/lib/domain/groups/verdict';

// The situations by which Burrow (linkedin/Burrow, `core/internal/evaluator`) defines its statuses, as measurements of one partition
// every 10 s. Burrow counts intervals of commits and calls a group OK, WARN, STOP, STALL or REWIND.

/** A commit: when, in seconds, where to, and how much was unread then. */
type Commit = [seconds: number, position: number, lag: number];

interface Situation {
  name: string;
  burrow: 'OK' | 'STOP' | 'STALL' | 'REWIND' | 'WARN';
  commits: Commit[];
  /** When the group is judged. */
  now: number;
  /** Unread at that time; absent: as at the last commit. */
  lag?: number;
  is: Verdict[];
  /** Where Courier differs from Burrow. */
  why?: string;
}

const steps = (lags: number[], position: (step: number) => number): Commit[] =>
  lags.map((lag, step) => [100 * (step + 1), position(step + 1), lag]);
const forward = (step: number) => 1_000 * step;
const still = () => 1_000;
/** Commits each second of one record each, all of them read. */
const quick = (count: number): Commit[] => Array.from({ length: count }, (_, at) => [at + 1, at + 1, 0]);

const SITUATIONS: Situation[] = [
  {
    name: 'reads on, nothing was unread once',
    burrow: 'OK',
    commits: steps([0, 50, 100, 150, 200], forward),
    now: 600,
    is: ['keeping_up'],
  },
  {
    name: 'has not committed for 400 s',
    burrow: 'OK',
    commits: steps([0, 50, 100, 150, 200], forward),
    now: 900,
    is: ['stuck'],
    why: 'four times its longest commit interval is longer than the patience',
  },
  {
    name: 'has not committed for 500 s',
    burrow: 'STOP',
    commits: steps([0, 50, 100, 150, 200], forward),
    now: 1_000,
    is: ['stuck'],
  },
  {
    name: 'has not committed for 500 s, and was always behind',
    burrow: 'STOP',
    commits: steps([50, 100, 150, 200, 250], forward),
    now: 1_000,
    is: ['stuck'],
  },
  {
    name: 'commits the same place, nothing was unread at first',
    burrow: 'OK',
    commits: steps([0, 50, 100, 150, 200], still),
    now: 600,
    is: ['stuck'],
    why: 'it never moved while something was unread',
  },
  {
    name: 'commits the same place, and more is unread',
    burrow: 'STALL',
    commits: steps([100, 150, 200, 250, 300], still),
    now: 600,
    is: ['stuck'],
  },
  {
    name: 'commits the same place, as much is unread',
    burrow: 'STALL',
    commits: steps([100, 100, 100, 100, 100], still),
    now: 600,
    is: ['stuck'],
  },
  {
    name: 'went back once, and on beyond that',
    burrow: 'REWIND',
    commits: [
      [100, 1_000, 100],
      [200, 2_000, 150],
      [300, 3_000, 200],
      [400, 2_000, 1_250],
      [500, 4_000, 300],
    ],
    now: 600,
    is: ['keeping_up', 'catching_up'],
    why: 'it has passed the place from which it went back',
  },
  {
    name: 'has read everything since its last commit was seen',
    burrow: 'OK',
    commits: steps([50, 100, 150, 200, 250], forward),
    now: 1_000,
    lag: 0,
    is: ['idle', 'keeping_up'],
  },
  {
    name: 'committed each second, and 931 arrived in 18 silent seconds',
    burrow: 'STOP',
    commits: quick(40),
    now: 58,
    lag: 931,
    is: ['keeping_up'],
    why: 'no patience of 30 s is over yet',
  },
  {
    name: 'the same, and it stays silent',
    burrow: 'STOP',
    commits: quick(40),
    now: 120,
    lag: 931,
    is: ['stuck'],
  },
  {
    name: 'committed each second, and one record arrived just now',
    burrow: 'OK',
    commits: quick(40),
    now: 58,
    lag: 1,
    is: ['keeping_up', 'idle'],
  },
  {
    name: 'went back, and has not come back',
    burrow: 'REWIND',
    commits: [
      [100, 3_000, 0],
      [200, 4_000, 0],
      [300, 5_000, 0],
      [400, 6_000, 0],
      [500, 3_000, 4_000],
    ],
    now: 520,
    is: ['moved_back'],
  },
  {
    name: 'is always behind, and never by less',
    burrow: 'WARN',
    commits: steps([1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000], forward),
    now: 720,
    is: ['falling_behind'],
  },
  {
    name: 'is behind, and by less each time',
    burrow: 'OK',
    commits: steps([4_000, 3_500, 3_000, 2_500, 2_000, 1_500, 1_000], forward),
    now: 720,
    is: ['catching_up'],
  },
];

const PERIOD = 10;

/** The verdict at the end of a situation, from its first commit on. */
function verdictOf({ commits, now, lag }: Situation): Verdict {
  const [first] = commits;
  const last = commits.at(-1);
  if (!first || !last) throw new RangeError('a situation needs commits');
  const lastEnd = last[1] + last[2];
  // What arrives after the last commit arrives at once; what is read, is read at the end.
  const finalEnd = lag === undefined || lag === 0 ? lastEnd : last[1] + lag;
  const samples: PartitionSample[] = [];
  /** When each record was written, in seconds. */
  const written: number[] = [];
  let state = newState(first[0] * 1_000);
  let verdict: Verdict = 'no_data';
  for (let seconds = first[0]; seconds <= now; seconds += PERIOD) {
    const before = commits.findLast(([at]) => at <= seconds) ?? first;
    const after = commits.find(([at]) => at > seconds);
    const share = after ? (seconds - before[0]) / (after[0] - before[0]) : 0;
    const endOf = ([, position, unread]: Commit) => position + unread;
    const end = after ? Math.round(endOf(before) + share * (endOf(after) - endOf(before))) : finalEnd;
    const isRead = lag === 0 && seconds > last[0];
    const position = isRead ? end : before[1];
    written.push(...Array.from({ length: Math.max(0, end - written.length) }, () => seconds));
    samples.push({
      at: seconds * 1_000,
      position,
      start: 0,
      end: Math.max(end, position),
      stable: Math.max(end, position),
      firstUnreadAt: end > position ? (written[position] ?? seconds) * 1_000 : null,
      isTimeProven: true,
      readable: end > position ? 'some' : 'none',
      holder: 'm1',
    });
    const facts = {
      at: seconds * 1_000,
      periodMs: PERIOD * 1_000,
      state: 'Stable',
      members: 1,
      isSimple: false,
    } as const;
    const judged = judge(facts, new Map([['orders/0', [...samples]]]), state);
    state = judged.state;
    verdict = judged.judgement.verdict;
  }
  return verdict;
}

describe("the judge in Burrow's situations", () => {
  it.each(SITUATIONS.map((situation) => [situation.name, situation] as const))('%s', (_, situation) => {
    const verdict = verdictOf(situation);
    expect(situation.is).toContain(verdict);
    const standing = standingOf(
      { verdict, sinceMs: 0, isExpected: false, losses: 0, losesInSeconds: null },
      0,
    );
    // Unless the difference has its reason, what Burrow reports is trouble here as well, and what it calls OK is not.
    if (situation.why === undefined && situation.burrow !== 'REWIND')
      expect(standing === 'needs_a_look').toBe(situation.burrow !== 'OK');
  });
});
