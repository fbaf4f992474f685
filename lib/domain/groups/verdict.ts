/** Verdicts of a partition, and of a group by its worst partition, in order of trouble. */
export const VERDICTS = [
  'stuck',
  'beyond_end',
  'falling_behind',
  'no_position',
  'no_members',
  'not_assigned',
  'rebalancing',
  // Known trouble of another partition comes first.
  'no_data',
  'waits_transaction',
  'moved_back',
  'stays_behind',
  'waits_turn',
  'catching_up',
  'read_without_membership',
  'keeping_up',
  'idle',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Every group is in exactly one of these. */
export const STANDINGS = ['needs_a_look', 'on_its_way', 'well', 'not_known'] as const;
export type Standing = (typeof STANDINGS)[number];

const MINUTE_MS = 60_000;

interface Rule {
  standing: Standing;
  /** Time after which the verdict needs attention after all. */
  looksAfterMs?: number;
}

const RULES: Record<Verdict, Rule> = {
  stuck: { standing: 'needs_a_look' },
  beyond_end: { standing: 'needs_a_look' },
  no_data: { standing: 'not_known' },
  falling_behind: { standing: 'needs_a_look' },
  no_position: { standing: 'needs_a_look' },
  no_members: { standing: 'needs_a_look' },
  not_assigned: { standing: 'needs_a_look' },
  rebalancing: { standing: 'needs_a_look' },
  waits_transaction: { standing: 'on_its_way', looksAfterMs: 5 * MINUTE_MS },
  moved_back: { standing: 'on_its_way' },
  stays_behind: { standing: 'on_its_way', looksAfterMs: 10 * MINUTE_MS },
  waits_turn: { standing: 'on_its_way' },
  catching_up: { standing: 'on_its_way' },
  read_without_membership: { standing: 'well' },
  keeping_up: { standing: 'well' },
  idle: { standing: 'well' },
};

/** What decides in which of the four a group is. */
export interface Judged {
  verdict: Verdict;
  /** Begin of the verdict, in milliseconds since 1970. */
  sinceMs: number;
  /** A person expects it to have no members now. */
  isExpected: boolean;
  /** Unacknowledged losses. */
  losses: number;
  /** Seconds until retention deletes unread messages at the present rates; null: never, or not known. */
  losesInSeconds: number | null;
}

/** A group that loses unread messages within this time needs attention, whatever its verdict is. */
export const LOSES_SOON_SECONDS = 3_600;

/** Whether a group loses unread messages soon. */
export function losesSoon(losesInSeconds: number | null): boolean {
  return losesInSeconds !== null && losesInSeconds <= LOSES_SOON_SECONDS;
}

/** The one function that decides what badge, sentence, list, overview, page, API and metric count. */
export function standingOf(judged: Judged, nowMs: number): Standing {
  const { verdict, sinceMs, isExpected, losses, losesInSeconds } = judged;
  const rule = RULES[verdict];
  if (losses > 0 || losesSoon(losesInSeconds)) return 'needs_a_look';
  if (isExpected && verdict === 'no_members') return 'well';
  if (rule.looksAfterMs !== undefined && nowMs - sinceMs >= rule.looksAfterMs) return 'needs_a_look';
  return rule.standing;
}

/** Verdicts of a partition that nothing is read from now, whatever its rate of the last minute is. */
export const NOT_READ: ReadonlySet<Verdict> = new Set<Verdict>([
  'stuck',
  'beyond_end',
  'no_position',
  'no_members',
  'not_assigned',
  'waits_transaction',
]);

/** Compares two verdicts: the one with more trouble first. */
export function byTrouble(a: Verdict, b: Verdict): number {
  return VERDICTS.indexOf(a) - VERDICTS.indexOf(b);
}
