import { positionText } from '@/lib/protocol/position';

/** Where a retry's record was written, as text; null while nothing is known to be written. */
export function sentPositionOf(item: {
  targetTopic: string;
  sentPartition: number | null;
  sentOffset: string | null;
}): string | null {
  const { targetTopic, sentPartition, sentOffset } = item;
  return sentOffset === null
    ? null
    : positionText({ topic: targetTopic, partition: sentPartition ?? 0, offset: sentOffset });
}
