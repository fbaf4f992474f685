import { describe, expect, it } from 'vitest';
import { linePaths, ticksUpTo, timeTicks } from './scale';

describe('ticks of values', () => {
  it('are few, round, and reach the largest value', () => {
    expect(ticksUpTo(0)).toEqual([0, 1]);
    expect(ticksUpTo(3)).toEqual([0, 1, 2, 3]);
    expect(ticksUpTo(139)).toEqual([0, 50, 100, 150]);
    expect(ticksUpTo(4_001)).toEqual([0, 2_000, 4_000, 6_000]);
  });
  it('take the steps that they are given', () => {
    expect(ticksUpTo(130, [15, 30, 60, 300])).toEqual([0, 60, 120, 180]);
  });
});

describe('ticks of times', () => {
  const at = (text: string) => Date.parse(`2026-11-30T${text}Z`);
  it('are whole seconds, minutes, hours or days', () => {
    expect(timeTicks(at('14:02:11'), at('15:02:11'), 6)).toEqual(
      ['14:15:00', '14:30:00', '14:45:00', '15:00:00'].map(at),
    );
    expect(timeTicks(at('14:02:01'), at('14:02:12'), 6)).toEqual(['14:02:05', '14:02:10'].map(at));
    expect(timeTicks(at('00:10:00'), at('23:00:00'), 6)).toEqual(
      ['06:00:00', '12:00:00', '18:00:00'].map(at),
    );
  });
});

describe('paths of a line', () => {
  const area = { width: 30, height: 10, inset: 0, top: 10 };
  it('join neighbours, and have a gap where nothing was measured', () => {
    expect(linePaths([0, 10, null, 5], area)).toEqual({
      joined: 'M0.0 10.0L10.0 0.0',
      alone: 'M30.0 5.0h0.01',
    });
  });
});
