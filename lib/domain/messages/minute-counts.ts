/** Upper bounds of the buckets that handled deliveries are counted in, in milliseconds. */
const BOUNDS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 1_800_000,
] as const;

/** What is counted by minute. */
export type Counted = 'published' | 'failed' | `handled ${number}` | 'handled more';

/** The bucket of a delivery that took so long from the sender's call to its end. @param milliseconds may be negative where clocks differ */
export function latencyBucket(milliseconds: number): Counted {
  const bound = BOUNDS.find((item) => milliseconds <= item);
  return bound === undefined ? 'handled more' : `handled ${bound}`;
}

/**
 * The time within which a share of the deliveries was handled, read from buckets: as in Prometheus, evenly spread within
 * its bucket.
 * @param counts by bucket
 * @param share 0 to 1
 * @returns milliseconds; null where nothing was handled
 */
export function quantileOf(counts: ReadonlyMap<string, number>, share: number): number | null {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const wanted = total * share;
  let passed = 0;
  let low = 0;
  for (const bound of BOUNDS) {
    const count = counts.get(`handled ${bound}`) ?? 0;
    if (passed + count >= wanted && count > 0) return low + ((bound - low) * (wanted - passed)) / count;
    passed += count;
    low = bound;
  }
  return low;
}
