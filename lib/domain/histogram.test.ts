import { expect, test } from 'vitest';
import { countWithin, stepsBetween } from './histogram';
import type { MessageHistogram } from './views';

const none = [0, 0, 0, 0];
const bars = {
  HANDLED: [1, 2, 3, 4],
  COMMITTED: none,
  PUSH_FAIL: none,
  HANDLE_FAIL: [0, 1, 0, 5],
  SEND_FAIL: none,
};
const histogram: MessageHistogram = {
  from: '2026-11-21T14:00:00.000Z',
  to: '2026-11-21T14:04:00.000Z',
  stepSeconds: 60,
  bars,
};

test('counts all where no time is chosen, and else the steps that lie mostly in it', () => {
  const within = (from: string | null, to: string | null) => {
    const { HANDLED, HANDLE_FAIL } = countWithin(bars, stepsBetween(histogram, from, to));
    return [HANDLED, HANDLE_FAIL];
  };
  expect(within(null, null)).toEqual([10, 6]);
  expect(within('2026-11-21T14:01:00Z', '2026-11-21T14:03:00Z')).toEqual([5, 1]);
  expect(within('2026-11-21T14:02:20Z', null)).toEqual([7, 5]);
  expect(within(null, '2026-11-21T14:00:40Z')).toEqual([1, 0]);
  expect(within('2026-11-21T15:00:00Z', null)).toEqual([0, 0]);
});
