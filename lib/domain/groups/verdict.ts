/** Verdicts of a consumer group in order of trouble. The full judgement, with evidence over time, comes with the watch issue. */
export const VERDICTS = [
  'lost_data',
  'stuck',
  'falling_behind',
  'no_data',
  'no_members',
  'catching_up',
  'idle',
  'keeping_up',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Verdicts that need attention. */
export const TROUBLE: ReadonlySet<Verdict> = new Set([
  'lost_data',
  'stuck',
  'falling_behind',
  'no_data',
  'no_members',
]);

export interface GroupFigures {
  /** Records behind, over all partitions. */
  lag: number;
  /** null: unknown. */
  members: number | null;
  /** Records a second that arrive and that are read; null while not known. */
  rateIn: number | null;
  rateOut: number | null;
  /** Seconds since the last measurement. */
  age: number;
  /** Seconds between two measurements. */
  every: number;
  /** Unread records that left the log: their position is before its begin. */
  lost: number;
  /** Seconds without progress of an assigned partition with unread records; 0 if all of them progress. */
  stillSeconds: number;
}

/** What a group reads in this time is on its way to it. */
const ON_THE_WAY_SECONDS = 30;
/** Seconds without progress after which a partition is stuck; one retried message may take less. */
const STUCK_SECONDS = 300;

/** Whether so few records are unread that they are on their way to the group rather than behind. */
export function isOnTheWay(lag: number, rateOut: number): boolean {
  return lag <= Math.max(rateOut * ON_THE_WAY_SECONDS, 10);
}

/** Whether an assigned partition has been without progress for so long that it is stuck. */
export function isStuck(stillSeconds: number): boolean {
  return stillSeconds >= STUCK_SECONDS;
}

/** What a group's figures of now mean. */
export function verdictOf(figures: GroupFigures): Verdict {
  if (figures.age > figures.every * 3 + 5) return 'no_data';
  if (figures.lost > 0) return 'lost_data';
  if (figures.members === 0) return figures.lag > 0 ? 'no_members' : 'idle';
  if (isStuck(figures.stillSeconds)) return 'stuck';
  const rateIn = figures.rateIn ?? 0;
  const rateOut = figures.rateOut ?? 0;
  if (!isOnTheWay(figures.lag, rateOut)) {
    return rateOut > rateIn ? 'catching_up' : 'falling_behind';
  }
  return rateIn === 0 && rateOut === 0 && figures.lag === 0 ? 'idle' : 'keeping_up';
}

/** Seconds until a group has caught up at the present rates: 0 when it has, null when it never will. */
export function drainSeconds(
  figures: Pick<GroupFigures, 'lag' | 'members' | 'rateIn' | 'rateOut'>,
): number | null {
  if (figures.lag === 0) return 0;
  // The rates are of the last minute, and the members that produced them are gone.
  if (figures.members === 0) return null;
  const gain = (figures.rateOut ?? 0) - (figures.rateIn ?? 0);
  // Rates are measured to about a hundredth; a smaller gain is none.
  return gain > Math.max(0.01 * (figures.rateOut ?? 0), 0.001) ? figures.lag / gain : null;
}
