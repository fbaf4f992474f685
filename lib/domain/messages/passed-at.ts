import { POSITIONS, type LagChunk } from '@/lib/domain/groups/lag-chunk';

/** When a position was seen to be behind a record, and how much earlier it may have been. */
export interface PassedAt {
  at: number;
  withinMs: number;
}

/**
 * When a group read past a record, by its positions. Times are milliseconds since 1970.
 * @param chunks of the group on the record's topic, oldest first
 * @param committedAt of the record, before which nothing reads it
 * @returns null where its position was not seen to pass the record
 */
export function passedAt(
  chunks: readonly { startAt: number; chunk: LagChunk }[],
  partition: number,
  offset: bigint,
  committedAt: number,
): PassedAt | null {
  let before = committedAt;
  let isSeenBefore = false;
  for (const { startAt, chunk } of chunks)
    for (const [slot, position] of (chunk.series.get(POSITIONS + partition) ?? []).entries()) {
      if (position === null) continue;
      const at = startAt + slot * chunk.stepSeconds * 1_000;
      if (BigInt(position) > offset) {
        // The measurement is somewhere within its slot.
        const until = at + chunk.stepSeconds * 1_000;
        // One that was past it at first sight, long after it was written, proves no time.
        if (!isSeenBefore && at - committedAt > chunk.stepSeconds * 2_000) return null;
        return { at: until, withinMs: Math.max(chunk.stepSeconds * 1_000, until - before) };
      }
      before = Math.max(committedAt, at);
      isSeenBefore = true;
    }
  return null;
}
