import type { Verdict } from '../groups/verdict';

/** Kinds of problems that need a person, in order of trouble. */
export const NEED_KINDS = [
  'lost_data',
  'stuck',
  'consumer_problem',
  'not_sent',
  'failure',
  'retry',
  'falling_behind',
  'no_members',
  'no_data',
  'silent',
  'blind',
] as const;
export type NeedKind = (typeof NEED_KINDS)[number];

/** Whether a group with this verdict counts as needing a person. A group without members does not: that may be intended. */
export function needsPerson(verdict: Verdict): boolean {
  return verdict === 'lost_data' || verdict === 'stuck' || verdict === 'falling_behind';
}

/** Order of trouble first, then the longest lasting. */
export function byNeed(
  a: { kind: NeedKind; since: string | null },
  b: { kind: NeedKind; since: string | null },
): number {
  const order = NEED_KINDS.indexOf(a.kind) - NEED_KINDS.indexOf(b.kind);
  return order || ((a.since ?? '') < (b.since ?? '') ? -1 : 1);
}
