import type { JudgeState, PartitionState } from '@/lib/domain/groups/judge/state';

/** A state is written again after this time although it did not change. */
const WRITTEN_AGAIN_MS = 300_000;

/** Fields of a partition at rest that only repeat the time of the sample: an older value is as true. */
const OF_REST: ReadonlySet<string> = new Set(['measuredAt', 'stillSince', 'ends']);

/** Finds the states that have to be written: most groups of a large cluster are at rest, and their states are large. */
export class UnwrittenStates {
  private readonly written = new Map<string, { signature: string; at: number }>();

  /** Whether the state of a group differs from the one that was written last, which it then counts as. */
  take(group: string, state: JudgeState, now: number): boolean {
    const signature = JSON.stringify({
      ...state,
      measuredAt: null,
      partitions: Object.entries(state.partitions).map(([place, partition]) => [place, lasting(partition)]),
    });
    const last = this.written.get(group);
    if (last?.signature === signature && now - last.at < WRITTEN_AGAIN_MS) return false;
    this.written.set(group, { signature, at: now });
    return true;
  }

  forget(group: string): void {
    this.written.delete(group);
  }

  /** After a write that failed: all states are to be written. */
  forgetAll(): void {
    this.written.clear();
  }
}

function lasting(partition: PartitionState): unknown[] {
  const isAtRest = partition.unreadSince === null;
  const isStable = partition.stable === partition.end;
  return Object.entries(partition).filter(
    ([field]) => !(isAtRest && OF_REST.has(field)) && !(isStable && field === 'stableSince'),
  );
}
