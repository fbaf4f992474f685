import { expect, it } from 'vitest';
import { POSITIONS } from '@/lib/domain/groups/lag-chunk';
import { passedAt } from './passed-at';

const START = 1_790_000_000_000;
const chunk = (startAt: number, positions: (number | null)[]) => ({
  startAt,
  chunk: { stepSeconds: 10, series: new Map([[POSITIONS + 3, positions]]) },
});

it('is when the position was first seen behind the record, within the time since it was seen before it', () => {
  const chunks = [chunk(START, [5, 5, 7, 7])];
  expect(passedAt(chunks, 3, 6n, START - 60_000)).toEqual({ at: START + 30_000, withinMs: 20_000 });
  expect(passedAt(chunks, 3, 5n, START - 60_000)).toEqual({ at: START + 30_000, withinMs: 20_000 });
  // The record itself is younger than the measurement before.
  expect(passedAt(chunks, 3, 6n, START + 19_000)).toEqual({ at: START + 30_000, withinMs: 11_000 });
  // A gap in the measurements makes it less exact.
  expect(passedAt([chunk(START, [5, null, null, 9])], 3, 6n, START)).toEqual({
    at: START + 40_000,
    withinMs: 40_000,
  });
  expect(passedAt([chunk(START, [5]), chunk(START + 600_000, [9])], 3, 6n, START)).toMatchObject({
    at: START + 610_000,
  });
});

it('is not known where the position was past the record at first sight, or is not past it', () => {
  expect(passedAt([chunk(START, [9, 9])], 3, 6n, START - 3_600_000)).toBeNull();
  expect(passedAt([chunk(START, [9, 9])], 3, 6n, START + 1_000)).toEqual({
    at: START + 10_000,
    withinMs: 10_000,
  });
  expect(passedAt([chunk(START, [5, 6])], 3, 6n, START)).toBeNull();
  expect(passedAt([chunk(START, [9])], 2, 6n, START)).toBeNull();
});
