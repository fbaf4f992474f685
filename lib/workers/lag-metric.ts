import { groupLag } from './metrics';

interface Row {
  group: string;
  topic: string;
  committed: bigint;
  end: bigint;
}

/** The lag of a cluster's groups as `/metrics` exposes it: of the last sample alone, and nothing once sampling stops. */
export class LagMetric {
  private exposed = new Map<string, { cluster: string; group: string; topic: string }>();

  constructor(private readonly cluster: string) {}

  /** Exposes a sample. @param rows one for each partition */
  set(rows: readonly Row[]): void {
    const sums = new Map<string, { group: string; topic: string; lag: number }>();
    for (const { group, topic, committed, end } of rows) {
      const key = JSON.stringify([group, topic]);
      const sum = sums.get(key) ?? { group, topic, lag: 0 };
      sum.lag += Number(end > committed ? end - committed : 0n);
      sums.set(key, sum);
    }
    const { cluster } = this;
    for (const [key, labels] of this.exposed) if (!sums.has(key)) groupLag.remove(labels);
    this.exposed = new Map();
    for (const [key, { group, topic, lag }] of sums) {
      const labels = { cluster, group, topic };
      groupLag.set(labels, lag);
      this.exposed.set(key, labels);
    }
  }

  /** Exposes nothing more. */
  clear(): void {
    for (const labels of this.exposed.values()) groupLag.remove(labels);
    this.exposed.clear();
  }
}
