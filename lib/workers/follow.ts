import type { TopicBatch, TopicFollower } from '@/lib/engine/ingest/follow-topics';
import { pause } from './pause';

interface Pace {
  /** How long a read waits where there is nothing. */
  waitMs: number;
  /** Of one partition at once. */
  maxBytes: number;
  /** How often topics are listed anew. */
  refreshEveryMs: number;
}

/**
 * Reads topics on and on. What comes next is read while what was read is written; topics are listed anew only when
 * nothing is on its way.
 * @param write what was read together; also told when there was nothing
 * @param beforeRefresh reads what `follower` must know of topics
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
    // Looked at when its turn comes; until then a failure of it must not end the process.
    ahead?.catch(() => undefined);
    await write(batches);
  }
}
