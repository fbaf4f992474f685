/** Kinds of problems that need a person, in order of trouble. */
export const NEED_KINDS = [
  'lost_data',
  'loses_data',
  'stuck',
  'beyond_end',
  'consumer_problem',
  'not_sent',
  'failure',
  'retry',
  'falling_behind',
  'no_position',
  'no_members',
  'not_assigned',
  'rebalancing',
  'waits_transaction',
  'stays_behind',
  'silent',
  'blind',
] as const;
export type NeedKind = (typeof NEED_KINDS)[number];

/** Whether a verdict of a group is a kind of problem. */
export function isNeedKind(kind: string): kind is NeedKind {
  return (NEED_KINDS as readonly string[]).includes(kind);
}

/** Order of trouble first, then the longest lasting. */
export function byNeed(
  a: { kind: NeedKind; since: string | null },
  b: { kind: NeedKind; since: string | null },
): number {
  const order = NEED_KINDS.indexOf(a.kind) - NEED_KINDS.indexOf(b.kind);
  return order || ((a.since ?? '') < (b.since ?? '') ? -1 : 1);
}
