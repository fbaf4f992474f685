import type { TooLarge } from '@/lib/brokers/broker';
import type { Context } from '@/lib/context/context';
import type { LoadedRecord } from '../records/load-record';
import { retryHeaders } from './build-record';

/** A resend that is only planned. */
export interface PlannedSend {
  messageId: string;
  group: string;
  targetTopic: string;
  courierRetryId: string;
  generation: number;
}

/**
 * Whether a planned resend would be larger than its topic takes: with the codec that the record had, and with the headers of
 * a resend.
 */
export function whyTooLarge(
  context: Context,
  planned: PlannedSend,
  record: LoadedRecord,
): Promise<TooLarge | null> {
  const send = { number: 1, possibleDuplicate: false, isIssued: false, isDeadLetter: false };
  return context.broker.whyTooLarge({
    topic: planned.targetTopic,
    partition: 0,
    key: record.key,
    value: record.value,
    ...(record.codec ? { codec: record.codec } : {}),
    headers: retryHeaders(
      record,
      // The id of the retry is made when it is accepted; any other has its length.
      { ...planned, retryId: planned.messageId },
      { ...send, origin: planned.targetTopic },
    ),
  });
}
