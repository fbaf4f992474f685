import type { Verdict } from '../groups/verdict';

/** Kinds of what needs a person, in order of trouble. */
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

/** Whether a group with this verdict is counted as one that needs a person; one that nobody reads may be meant so. */
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
