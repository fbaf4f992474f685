import { describe, expect, it } from 'vitest';
import { latencyBucket, quantileOf } from './minute-counts';

describe('quantileOf', () => {
  it('finds the time within which most were handled', () => {
    const counts = new Map([
      ['handled 10', 90],
      ['handled 100', 10],
    ]);
    expect(quantileOf(counts, 0.5)).toBeCloseTo(5 + 5 * (50 / 90), 0);
    expect(quantileOf(counts, 0.95)).toBe(75);
    expect(quantileOf(new Map(), 0.95)).toBeNull();
  });

  it('does not go beyond the last bound, and takes a clock that runs backwards for no time at all', () => {
    expect(quantileOf(new Map([['handled more', 3]]), 0.95)).toBe(1_800_000);
    expect(latencyBucket(-40)).toBe('handled 1');
    expect(latencyBucket(51)).toBe('handled 100');
    expect(latencyBucket(1e12)).toBe('handled more');
  });
});
