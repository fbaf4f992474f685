import type { TopicBatch, TopicFollower } from '@/lib/engine/ingest/follow-topics';
import { pause } from './pause';

interface Pace {
  /** Milliseconds that a read waits for the first record. */
  waitMs: number;
  /** Bytes of one partition per read. */
  maxBytes: number;
  /** Milliseconds between two listings of the topics. */
  refreshEveryMs: number;
}

/**
 * Reads topics in a loop. The next batch is fetched while the current one is being written; topics are listed only while
 * no fetch is in flight.
 * @param write writes the batches of one read; called with an empty list if there were none
 * @param beforeRefresh runs before each listing of the topics
 */
export async function follow(
  follower: TopicFollower,
  signal: AbortSignal,
  { waitMs, maxBytes, refreshEveryMs }: Pace,
  write: (batches: TopicBatch[]) => Promise<void>,
  beforeRefresh?: () => Promise<void>,
): Promise<void> {
  let refreshedAt = -Infinity;
  let ahead: Promise<TopicBatch[]> | null = null;
  const isDue = () => performance.now() - refreshedAt > refreshEveryMs;
  while (!signal.aborted) {
    if (!ahead && isDue()) {
      await beforeRefresh?.();
      await follower.refresh();
      refreshedAt = performance.now();
    }
    if (follower.partitions === 0) await pause(waitMs, signal);
    const batches: TopicBatch[] = await (ahead ?? follower.read(waitMs, maxBytes));
    if (signal.aborted) return;
    ahead = batches.length > 0 && !isDue() ? follower.read(waitMs, maxBytes) : null;
    // Awaited in the next round; until then its failure must not be an unhandled rejection.
    ahead?.catch(() => undefined);
    await write(batches);
  }
}
