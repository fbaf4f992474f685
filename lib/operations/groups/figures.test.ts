import { describe, expect, test } from 'vitest';
import type { LagNow } from '@/lib/store/lag/read-lag';
import { behindSince, groupRow, stillSecondsOf } from './figures';
import { Rates } from '@/lib/engine/sampling/history';

describe('rates', () => {
  const measure = (lags: [seconds: number, committed: number, end: number][]) => {
    const rates = new Rates();
    return lags.map(([seconds, committed, end]) =>
      rates.add('orders/0', seconds * 1_000, BigInt(committed), BigInt(end)),
    );
  };

  test('are of the last minute', () => {
    const last = measure([0, 10, 20, 30, 40, 50, 60, 70, 80].map((at) => [at, at * 2, at * 3])).at(-1);
    expect(last).toEqual({ rateIn: 3, rateOut: 2 });
  });

  test('are of the time since a burst ended, once three measurements say so', () => {
    const [, , before, first, second, third] = measure([
      [0, 0, 0],
      [10, 20, 200],
      [20, 40, 210],
      [30, 60, 220],
      [40, 80, 230],
      [50, 100, 240],
    ]);
    expect(before).toEqual({ rateIn: 10.5, rateOut: 2 });
    expect(first?.rateIn).toBeGreaterThan(2);
    expect([second, third]).toEqual([
      { rateIn: 1, rateOut: 2 },
      { rateIn: 1, rateOut: 2 },
    ]);
  });

  test('begin anew where a position went back', () => {
    expect(
      measure([
        [0, 50, 60],
        [10, 60, 70],
        [20, 5, 70],
        [30, 10, 80],
      ]).slice(2),
    ).toEqual([
      { rateIn: null, rateOut: null },
      { rateIn: 1, rateOut: 0.5 },
    ]);
  });
});

test('what is not measured any more has no data, and was not stuck because nobody looked', () => {
  const at = (seconds: number) => new Date(seconds * 1_000);
  const row: LagNow = {
    groupId: 1,
    group: 'slow',
    topic: 'parcels',
    topicId: 1,
    partition: 0,
    committed: 10n,
    start: 0n,
    end: 500n,
    behindSeconds: 40,
    rateIn: 3,
    rateOut: 1,
    movedAt: at(990),
    member: 'slow-1',
    host: 'host-b',
    sampledAt: at(1_000),
  };
  const group = {
    groupId: 1,
    name: 'slow',
    reports: true,
    hasRetryTopic: false,
    type: 'classic' as const,
    state: 'Stable',
    members: [{ id: 'a', clientId: 'slow-1', host: 'host-b', assignment: [] }],
    noMembersSince: null,
    sampledAt: at(1_000),
  };
  const seen = (seconds: number) => groupRow(at(seconds), 10, 'slow', [row], group, []);
  expect(seen(1_005)).toMatchObject({ verdict: 'falling_behind', seenAs: 'falling_behind' });
  expect(seen(2_000)).toMatchObject({ verdict: 'no_data', seenAs: 'falling_behind' });
  expect(stillSecondsOf(row)).toBe(10);
});

test('behind since the minute after the last in which what was unread was on its way', () => {
  const at = (minute: number) => new Date(minute * 60_000);
  expect(behindSince([0, 3, 10, 11, 50, null, 80], 0, 0)).toEqual(at(3));
  expect(behindSince([0, 60, 59, 61], 0, 2)).toEqual(at(3));
  expect(behindSince([null, null, 40, 50], 0, 0)).toEqual(at(2));
  expect(behindSince([20, 30, 40], 0, 0)).toBeNull();
  expect(behindSince([null, null], 0, 0)).toBeNull();
});
