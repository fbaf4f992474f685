import { expect, it } from 'vitest';
import { newState, type JudgeState } from '@/lib/domain/groups/judge/state';
import { readFirstUnread } from './first-unread';
import type { GroupAnswer } from './samples';

const AT = 1_790_000_000_000;

/** A group that reads on, and of whose delay the ends of the log are proof. */
const answer = {
  group: { name: 'billing' },
  facts: { at: AT },
  samples: new Map([['orders/0', { at: AT, position: 20, start: 0, end: 50, stable: 50 }]]),
  holders: new Map(),
} as unknown as GroupAnswer;
const state = {
  ...newState(AT),
  partitions: { 'orders/0': { position: 10, ends: [[AT - 10_000, 15]], stillMs: 0 } },
} as unknown as JudgeState;

it.each([
  ['of a topic that deletes by time', new Set(['orders']), ['orders']],
  ['of no other topic', new Set<string>(), []],
])('has the clock of unread records proven: %s', async (_, timed, topics) => {
  const proven: string[] = [];
  const read: unknown[] = [];
  const records = {
    look: (places: unknown[]) => {
      read.push(...places);
      return Promise.resolve();
    },
    at: () => ({ kind: 'unknown' }),
  } as unknown as Parameters<typeof readFirstUnread>[2];
  const clocks = {
    isProven: () => false,
    prove: (wanted: ReadonlySet<string>) => {
      proven.push(...wanted);
      return Promise.resolve();
    },
  } as unknown as Parameters<typeof readFirstUnread>[3];
  await readFirstUnread([answer], new Map([['billing', state]]), records, clocks, [], timed);
  expect(proven).toEqual(topics);
  // Nothing is read at a position that moves.
  expect(read).toEqual([]);
});
