import type { SendAnswer } from '@/lib/brokers/broker';
import { sentenceOf } from '@/lib/errors';

type Failure = Extract<SendAnswer, { reason: string }>;

/** Codes with which a broker says for good that it will not take a record. */
const REFUSED = new Map([
  [10, 'MESSAGE_TOO_LARGE'],
  [17, 'INVALID_TOPIC'],
  [18, 'RECORD_LIST_TOO_LARGE'],
  [21, 'INVALID_REQUIRED_ACKS'],
  [29, 'TOPIC_AUTHORIZATION_FAILED'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED'],
  [32, 'INVALID_TIMESTAMP'],
  [42, 'INVALID_REQUEST'],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT'],
  [44, 'POLICY_VIOLATION'],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE'],
  [87, 'INVALID_RECORD'],
]);

/** Codes with which a broker says that it wrote nothing, though a later try may succeed. */
const NOT_WRITTEN = new Map([
  [2, 'CORRUPT_MESSAGE'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION'],
  [5, 'LEADER_NOT_AVAILABLE'],
  [6, 'NOT_LEADER_OR_FOLLOWER'],
  [19, 'NOT_ENOUGH_REPLICAS'],
  [74, 'FENCED_LEADER_EPOCH'],
]);

/** What a produce answer's error code means. Every code that is in neither table leaves the outcome open. */
export function classifyCode(code: number): Failure {
  const refused = REFUSED.get(code);
  if (refused) return { outcome: 'refused', reason: `${refused} (${code})` };
  const notWritten = NOT_WRITTEN.get(code);
  if (notWritten) return { outcome: 'not_written', reason: `${notWritten} (${code})` };
  return {
    outcome: 'unknown',
    reason: `the broker answered with code ${code}, after which the record may be stored`,
  };
}

/**
 * What an error of one low-level send means. Only an error from before the first byte proves that nothing was written:
 * a refused connection, or none at all. A connection that broke later leaves the outcome open.
 */
export function classifyError(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const name = error instanceof Error ? error.name : '';
  const reason = sentenceOf(error);
  const neverConnected =
    name === 'KafkaJSConnectionError' &&
    (['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code) ||
      reason === 'Not connected' ||
      reason.startsWith('Connection timeout'));
  return { outcome: neverConnected ? 'not_written' : 'unknown', reason };
}
