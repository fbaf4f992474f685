import type { PartitionSample } from './types';

interface Isolation {
  readsUncommitted: boolean;
}

/** Offset up to which a group reads: the last stable offset, unless the group was seen beyond it. */
export function readableEnd(sample: PartitionSample, isolation: Isolation): number {
  return isolation.readsUncommitted ? sample.end : sample.stable;
}

/** First offset that a group has not read and that is still in the log. Only for a sample with a position. */
export function firstUnread(sample: PartitionSample): number {
  return Math.max(sample.position ?? 0, sample.start);
}

/** Readable records that a group has not read; null: not known. */
export function unreadOf(sample: PartitionSample, isolation: Isolation): number | null {
  if (sample.brokerLag !== undefined) return sample.brokerLag;
  if (sample.position === null || sample.position === undefined) return null;
  if (sample.readable === 'none' && !isolation.readsUncommitted) return 0;
  return Math.max(0, readableEnd(sample, isolation) - firstUnread(sample));
}
