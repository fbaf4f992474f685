import { movedEpisode } from '@/lib/domain/episodes/moved';
import type { Episode } from '@/lib/domain/episodes/episode';
import { partitionText } from '@/lib/protocol/position';
import type { MeasuredGroup } from './measured';

/** Notices positions that another program moved back. */
export class MovedBack {
  /** Where positions of a group were before they moved back. */
  private readonly known = new Map<string, Map<string, number>>();

  /** The move of a group that this measurement shows; null: none is new. */
  add(group: MeasuredGroup, at: number): Episode | null {
    const before = this.known.get(group.name);
    const now = new Map(
      group.partitions.flatMap((item) =>
        item.movedBackFrom === null ? [] : [[partitionText(item), item.movedBackFrom]],
      ),
    );
    this.known.set(group.name, now);
    if (!before) return null;
    const moved = group.partitions.flatMap((item) => {
      const from = item.movedBackFrom;
      if (from === null || item.position === null || before.get(partitionText(item)) === from) return [];
      const { topic, partition, position: to } = item;
      const repeated = Math.max(0, from - Number(to));
      return [{ topic, partition, from: String(from), to, skipped: 0, repeated }];
    });
    if (moved.length === 0) return null;
    return movedEpisode(group.name, at, { by: null, move: null, isPartly: false, partitions: moved });
  }

  /** Forgets groups that are not there any more. */
  keep(listed: ReadonlySet<string>): void {
    for (const name of this.known.keys()) if (!listed.has(name)) this.known.delete(name);
  }
}
