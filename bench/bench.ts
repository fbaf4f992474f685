/** One comparison: what Courier took, what the other thing took in the same run, and how they relate. */
export interface Row {
  what: string;
  courier: string;
  against: string;
  ratio: string;
  goal: string;
}

export type Bench = () => Promise<Row[]>;

/** Milliseconds that something took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Microseconds of each of many runs, sorted. */
export async function sampled(runs: number, work: (run: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push((await timed(() => work(run))) * 1000);
  return times.sort((a, b) => a - b);
}

/** Returns the quantile of sorted values. @param share from 0 to 1 */
export function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export const round = (value: number, digits = 2): string => value.toFixed(digits);
