import { WINDOW_MS } from '@/lib/domain/groups/judge/settings';
import type { PartitionSample } from '@/lib/domain/groups/judge/types';

/** The samples of the last minutes by group and `<topic>/<partition>`. Of a partition at rest the first and the last are kept. */
export class SampleWindows {
  private readonly groups = new Map<string, Map<string, PartitionSample[]>>();

  /** Sets the newest samples of a group; partitions that have none any more are forgotten. */
  add(group: string, samples: ReadonlyMap<string, PartitionSample>): ReadonlyMap<string, PartitionSample[]> {
    const before = this.groups.get(group);
    const windows = new Map<string, PartitionSample[]>();
    for (const [place, sample] of samples) {
      const window = before?.get(place) ?? [];
      // Log positions only grow: another log has the name now.
      if (sample.end < (window.at(-1)?.end ?? 0)) window.length = 0;
      if (isAtRest(window.at(-2), window.at(-1)) && isAtRest(window.at(-1), sample)) window.pop();
      window.push(sample);
      while ((window[0]?.at ?? Infinity) < sample.at - WINDOW_MS && window.length > 1) window.shift();
      windows.set(place, window);
    }
    this.groups.set(group, windows);
    return windows;
  }

  /** Forgets all groups but these. */
  keep(groups: ReadonlySet<string>): void {
    for (const name of this.groups.keys()) if (!groups.has(name)) this.groups.delete(name);
  }
}

function isAtRest(before: PartitionSample | undefined, after: PartitionSample | undefined): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    before.position === after.position &&
    before.end === after.end &&
    before.stable === after.stable &&
    before.brokerLag === after.brokerLag
  );
}
