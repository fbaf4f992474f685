import type { SendAnswer } from '@/lib/brokers/broker';
import { sentenceOf } from '@/lib/errors';
import { KafkaConnectError } from '@/lib/kafka-client/connect/connect-error';
import { errorName, KAFKA_ERROR } from './errors';

type Failure = Extract<SendAnswer, { reason: string }>;

/** Error codes of a permanent refusal. */
const REFUSED: ReadonlySet<number> = new Set([
  KAFKA_ERROR.MESSAGE_TOO_LARGE,
  KAFKA_ERROR.INVALID_TOPIC_EXCEPTION,
  KAFKA_ERROR.RECORD_LIST_TOO_LARGE,
  KAFKA_ERROR.INVALID_REQUIRED_ACKS,
  KAFKA_ERROR.TOPIC_AUTHORIZATION_FAILED,
  KAFKA_ERROR.CLUSTER_AUTHORIZATION_FAILED,
  KAFKA_ERROR.INVALID_TIMESTAMP,
  KAFKA_ERROR.INVALID_REQUEST,
  KAFKA_ERROR.UNSUPPORTED_FOR_MESSAGE_FORMAT,
  KAFKA_ERROR.POLICY_VIOLATION,
  KAFKA_ERROR.UNSUPPORTED_COMPRESSION_TYPE,
  KAFKA_ERROR.INVALID_RECORD,
]);

/** Error codes after which nothing was written and a retry may succeed. */
const NOT_WRITTEN: ReadonlySet<number> = new Set([
  KAFKA_ERROR.CORRUPT_MESSAGE,
  KAFKA_ERROR.UNKNOWN_TOPIC_OR_PARTITION,
  KAFKA_ERROR.LEADER_NOT_AVAILABLE,
  KAFKA_ERROR.NOT_LEADER_OR_FOLLOWER,
  KAFKA_ERROR.NOT_ENOUGH_REPLICAS,
  KAFKA_ERROR.FENCED_LEADER_EPOCH,
]);

/** What a produce answer's error code means. Every code that is in neither set leaves the outcome open. */
export function classifyCode(code: number): Failure {
  if (REFUSED.has(code)) return { outcome: 'refused', reason: errorName(code) };
  if (NOT_WRITTEN.has(code)) return { outcome: 'not_written', reason: errorName(code) };
  return {
    outcome: 'unknown',
    reason: `the broker answered with code ${code}, after which the record may be stored`,
  };
}

/**
 * What an error of one low-level send means. An error from before the first byte of the request proves that nothing was
 * written; a connection that broke later leaves the outcome open.
 */
export function classifyError(error: unknown): Failure {
  return {
    outcome: error instanceof KafkaConnectError ? 'not_written' : 'unknown',
    reason: sentenceOf(error),
  };
}
