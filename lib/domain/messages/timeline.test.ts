import { describe, expect, it } from 'vitest';
import { layOut, placeOf } from './timeline';

describe('the timeline axis', () => {
  const spans = [
    { from: 0, to: 6 },
    { from: 40, to: 80 },
    { from: 30_000, to: 30_012 },
    { from: 240_000, to: 240_000 },
  ];
  it('cuts long waits short and keeps short ones', () => {
    const stretches = layOut(spans, 1_000);
    expect(stretches.map((stretch) => [stretch.kind, stretch.from, stretch.to])).toEqual([
      ['time', 0, 80],
      ['break', 80, 30_000],
      ['time', 30_000, 30_012],
      ['break', 30_012, 240_000],
      ['time', 240_000, 240_000],
    ]);
    const end = stretches.at(-1);
    expect((end?.x ?? 0) + (end?.width ?? 0)).toBeLessThanOrEqual(1_000);
  });
  it('never runs backwards', () => {
    const stretches = layOut(spans, 1_000);
    const places = [0, 6, 40, 80, 10_000, 30_000, 30_012, 240_000].map((time) => placeOf(stretches, time));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('grows longer than it was given where there are too many stretches, instead of losing the last', () => {
    const spans = Array.from({ length: 12 }, (_, n) => ({ from: n * 10_000, to: n * 10_000 + 5 }));
    const stretches = layOut(spans, 996);
    const last = stretches.at(-1);
    expect((last?.x ?? 0) + (last?.width ?? 0)).toBeGreaterThan(996);
    const xs = spans.map((span) => placeOf(stretches, span.from));
    expect([...xs].sort((a, b) => a - b)).toEqual(xs);
    expect(new Set(xs).size).toBe(12);
  });
});
