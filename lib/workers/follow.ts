import type { Reading } from '@/lib/domain/workers/worker';
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
 * Bytes of one read. What is read is held in memory, and what is new waits until it is written, so a read takes as much as
 * is written in this time.
 */
const WRITE_MS = 400;
const MIN_BYTES = 250_000;
const MAX_BYTES = 8_000_000;
/** Milliseconds over which the rate is averaged. */
const RATE_MS = 15_000;

/**
 * Reads topics in a loop. The next batch is fetched while the current one is being written; topics are listed only while
 * no fetch is in flight.
 * @param write writes the batches of one read; called with an empty list if there were none.
 * @param report gets how far the worker has come after each write
 * @param beforeRefresh runs before each listing of the topics
 */
export async function follow(
  follower: TopicFollower,
  signal: AbortSignal,
  { waitMs, maxBytes, refreshEveryMs }: Pace,
  {
    write,
    report,
    beforeRefresh,
  }: {
    write: (batches: TopicBatch[]) => Promise<void>;
    report: (reading: Reading) => void;
    beforeRefresh?: () => Promise<void>;
  },
): Promise<void> {
  let refreshedAt = -Infinity;
  let ahead: Promise<TopicBatch[]> | null = null;
  let totalBytes = MIN_BYTES;
  const rate = new Rate();
  const isDue = () => performance.now() - refreshedAt > refreshEveryMs;
  const read = () => follower.read(waitMs, maxBytes, totalBytes);
  while (!signal.aborted) {
    if (!ahead && isDue()) {
      await beforeRefresh?.();
      await follower.refresh();
      refreshedAt = performance.now();
    }
    if (follower.partitions === 0) await pause(waitMs, signal);
    const batches: TopicBatch[] = await (ahead ?? read());
    if (signal.aborted) return;
    const { waitingMs } = follower.left;
    const began = performance.now();
    ahead = batches.length > 0 && !isDue() ? read() : null;
    // Awaited in the next round; until then its failure must not be an unhandled rejection.
    ahead?.catch(() => undefined);
    await write(batches);
    const tookMs = performance.now() - began;
    const { unread, leftOut } = follower.left;
    // A read that was not limited proves nothing of how long one that is takes.
    if (tookMs > WRITE_MS || bytesOf(batches) >= totalBytes / 2)
      totalBytes = Math.round(within(totalBytes * within(WRITE_MS / tookMs, 0.5, 2), MIN_BYTES, MAX_BYTES));
    report({
      unread,
      leftOut,
      perSecond: Math.round(rate.after(batches.reduce((sum, batch) => sum + batch.records.length, 0))),
      delayMs: batches.length > 0 ? Math.round(waitingMs + tookMs) : 0,
    });
  }
}

/** Records a second, of the last ones. */
class Rate {
  private at = performance.now();
  private perSecond: number | null = null;

  after(count: number): number {
    const now = performance.now();
    const ms = Math.max(1, now - this.at);
    this.at = now;
    const current = (count / ms) * 1_000;
    this.perSecond =
      this.perSecond === null
        ? current
        : this.perSecond + (current - this.perSecond) * (1 - Math.exp(-ms / RATE_MS));
    return this.perSecond;
  }
}

function bytesOf(batches: TopicBatch[]): number {
  return batches
    .flatMap((batch) => batch.records)
    .reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
}

function within(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
