import { expect, it } from 'vitest';
import { newPartition, newState } from '@/lib/domain/groups/judge/state';
import { UnwrittenStates } from './unwritten';

const MINUTE_MS = 60_000;

it('leaves out a group at rest, and writes it when it moves and every five minutes', () => {
  const states = new UnwrittenStates();
  const partition = newPartition({
    at: 0,
    position: 5,
    start: 0,
    end: 5,
    stable: 5,
    firstUnreadAt: null,
    isTimeProven: false,
    readable: 'none',
    holder: 'a',
  });
  const at = (now: number, more: object = {}) =>
    states.take(
      'group',
      {
        ...newState(0),
        measuredAt: now,
        partitions: {
          'orders/0': {
            ...partition,
            measuredAt: now,
            stillSince: now,
            stableSince: now,
            ends: [[now, 5]],
            ...more,
          },
        },
      },
      now,
    );
  expect(at(0)).toBe(true);
  expect(at(10_000)).toBe(false);
  expect(at(20_000, { position: 6 })).toBe(true);
  expect(at(30_000, { position: 6 })).toBe(false);
  // The begin of a standstill is no repetition.
  expect(at(40_000, { position: 6, unreadSince: 40_000 })).toBe(true);
  expect(at(50_000, { position: 6, unreadSince: 40_000, stillSince: 40_000 })).toBe(true);
  expect(at(6 * MINUTE_MS)).toBe(true);
  expect(at(11 * MINUTE_MS - 1)).toBe(false);
  expect(at(11 * MINUTE_MS)).toBe(true);
});
