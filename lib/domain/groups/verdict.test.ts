import { describe, expect, it } from 'vitest';
import { drainSeconds, verdictOf, type GroupFigures } from './verdict';

const calm: GroupFigures = {
  lag: 5,
  members: 2,
  rateIn: 20,
  rateOut: 20,
  age: 3,
  every: 10,
  lost: 0,
  stillSeconds: 0,
};

describe('verdict', () => {
  it.each<[string, Partial<GroupFigures>]>([
    ['keeping_up', {}],
    ['no_data', { age: 60 }],
    ['no_members', { members: 0 }],
    ['idle', { members: 0, lag: 0 }],
    ['idle', { lag: 0, rateIn: 0, rateOut: 0 }],
    ['falling_behind', { lag: 5_000, rateOut: 10 }],
    ['falling_behind', { lag: 5_000, rateIn: 0, rateOut: 0 }],
    ['catching_up', { lag: 5_000, rateOut: 100 }],
    ['stuck', { stillSeconds: 301 }],
    ['keeping_up', { stillSeconds: 120 }],
    ['lost_data', { lost: 1, stillSeconds: 900 }],
    ['no_data', { lost: 1, age: 60 }],
    ['keeping_up', { members: null }],
    ['falling_behind', { members: null, lag: 5_000, rateOut: 0 }],
  ])('is %s for %j', (verdict, change) => {
    expect(verdictOf({ ...calm, ...change })).toBe(verdict);
  });

  it('never says that a group will catch up that gains nothing', () => {
    expect(drainSeconds({ lag: 100, members: 1, rateIn: 10, rateOut: 20 })).toBe(10);
    expect(drainSeconds({ lag: 100, members: 1, rateIn: 20, rateOut: 20 })).toBeNull();
    expect(drainSeconds({ lag: 100, members: 1, rateIn: 20, rateOut: 20.000001 })).toBeNull();
    expect(drainSeconds({ lag: 0, members: 1, rateIn: 20, rateOut: 0 })).toBe(0);
    expect(drainSeconds({ lag: 100, members: 0, rateIn: 0, rateOut: 20 })).toBeNull();
  });
});
