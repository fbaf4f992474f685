import { expect, it } from 'vitest';
import { byTrouble, standingOf, VERDICTS, type Verdict } from './verdict';

const MINUTE_MS = 60_000;
const standing = (verdict: Verdict, more: Partial<Parameters<typeof standingOf>[0]> = {}, now = 0) =>
  standingOf({ verdict, sinceMs: 0, isExpected: false, losses: 0, losesInSeconds: null, ...more }, now);

it('puts every verdict into exactly one of four', () => {
  const counts = new Map<string, number>();
  for (const verdict of VERDICTS) counts.set(standing(verdict), (counts.get(standing(verdict)) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toEqual({ needs_a_look: 7, not_known: 1, on_its_way: 5, well: 3 });
});

it('needs a look for a long wait, for a loss, and not for what is expected', () => {
  expect(standing('stays_behind', {}, 10 * MINUTE_MS - 1)).toBe('on_its_way');
  expect(standing('stays_behind', {}, 10 * MINUTE_MS)).toBe('needs_a_look');
  expect(standing('waits_transaction', {}, 5 * MINUTE_MS)).toBe('needs_a_look');
  expect(standing('keeping_up', { losses: 1 })).toBe('needs_a_look');
  expect(standing('catching_up', { losesInSeconds: 3_600 })).toBe('needs_a_look');
  expect(standing('catching_up', { losesInSeconds: 3_601 })).toBe('on_its_way');
  expect(standing('no_members', { isExpected: true, losesInSeconds: 60 })).toBe('needs_a_look');
  expect(standing('no_members', { isExpected: true })).toBe('well');
  expect(standing('stuck', { isExpected: true })).toBe('needs_a_look');
});

it('orders by trouble', () => {
  expect((['idle', 'no_members', 'stuck'] as Verdict[]).sort(byTrouble)).toEqual([
    'stuck',
    'no_members',
    'idle',
  ]);
});
