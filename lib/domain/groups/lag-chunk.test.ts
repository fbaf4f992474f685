import { describe, expect, it } from 'vitest';
import { decodeLagChunk, encodeLagChunk } from './lag-chunk';

describe('lag chunk', () => {
  it('comes back as it was, gaps and large numbers included', () => {
    const chunk = {
      stepSeconds: 10,
      series: new Map<number, (number | null)[]>([
        [0, [0, 0, 5, 4, null, null, 4_000_000_000_000, 0]],
        [11, [null, 7]],
        [3, []],
      ]),
    };
    expect(decodeLagChunk(encodeLagChunk(chunk))).toEqual(chunk);
  });

  it('takes at most 2 bytes a point for a steady series', () => {
    const series = new Map(
      Array.from({ length: 10 }, (_, partition) => [
        partition,
        Array.from({ length: 60 }, (_, slot) => 300 + ((slot * 7) % 40)),
      ]),
    );
    expect(encodeLagChunk({ stepSeconds: 10, series }).length / 600).toBeLessThan(2);
  });

  it('refuses bytes that it did not make', () => {
    expect(() => decodeLagChunk(Uint8Array.from([1, 10, 1, 0, 60, 1]))).toThrow(RangeError);
    expect(() => decodeLagChunk(Uint8Array.from([9]))).toThrow(/version 9/);
  });
});
