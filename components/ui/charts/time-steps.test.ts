import { expect, test } from 'vitest';
import { countWithin, stepsBetween } from './time-steps';

test('counts all where no time is chosen, and else the steps that lie mostly in it', () => {
  const axis = { from: '2026-11-21T14:00:00.000Z', stepSeconds: 60, steps: 4 };
  const within = (from: string | null, to: string | null) =>
    countWithin([1, 2, 3, 4], stepsBetween(axis, from, to));
  expect(within(null, null)).toBe(10);
  expect(within('2026-11-21T14:01:00Z', '2026-11-21T14:03:00Z')).toBe(5);
  expect(within('2026-11-21T14:02:20Z', null)).toBe(7);
  expect(within(null, '2026-11-21T14:00:40Z')).toBe(1);
  expect(within('2026-11-21T15:00:00Z', null)).toBe(0);
});
