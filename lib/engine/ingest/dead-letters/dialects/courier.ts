import { headerOf } from '@/lib/brokers/broker';
import { DEAD_LETTER_HEADER as DLQ, HEADER } from '@/lib/protocol/headers';
import { isAhead } from '@/lib/protocol/identity';
import { parsePosition } from '@/lib/protocol/position';
import { storable } from '@/lib/protocol/text';
import { deadLetterTopicOf, roleOfTopic } from '@/lib/protocol/topics';
import { isUuidV7 } from '@/lib/protocol/uuid';
import type { FactKind } from '@/lib/protocol/fact';
import type { Dialect } from './dialect';

/** What a dead letter may report. */
const FAILURES: readonly string[] = ['handle_failed', 'push_failed'] satisfies FactKind[];

/** The longest header that is read: a stack has at most 16 kB, and other headers are shorter. */
const MAX_HEADER_BYTES = 65_536;

/**
 * Dead letters of Courier's own SDK. The headers carry the id of the fact that the subscriber reported, so that the
 * failure is counted once.
 */
export const courier: Dialect = {
  id: 'courier',
  name: 'Courier SDK',
  matchesTopic: (name) => roleOfTopic(name) === 'dead_letter',
  read(record) {
    const text = (name: string): string | undefined => {
      const value = headerOf(record.headers, name);
      return value === undefined ? undefined : storable(value, MAX_HEADER_BYTES);
    };
    const number = (name: string): number | undefined => {
      const value = text(name);
      return value === undefined ? undefined : Number(value);
    };
    const parsed = parsePosition(text(HEADER.source) ?? '');
    const source = parsed ? { ...parsed, offset: parsed.offset.toString() } : undefined;
    const id = text(HEADER.id);
    const origin = text(HEADER.topic);
    // An id copied from a message of another topic does not identify this one.
    const isForwarded =
      source !== undefined && roleOfTopic(source.topic) === 'message' && origin !== source.topic;
    const recordTime = number(DLQ.recordTime);
    const isBelieved =
      isUuidV7(id) &&
      !isForwarded &&
      !isAhead(id, Math.min(recordTime ?? Infinity, record.timestamp, Date.now()));
    const message = isBelieved ? id : source && { position: source, recordTime };
    const group = text(DLQ.group);
    const factId = text(DLQ.factId);
    const kind = text(DLQ.kind) ?? 'handle_failed';
    if (message === undefined || group === undefined || factId === undefined) return null;
    // A group writes to its own topic and there only what failed; anything else is another's doing.
    if (deadLetterTopicOf(group) !== record.topic || !FAILURES.includes(kind)) return null;
    return {
      message,
      group,
      topic: (isForwarded ? undefined : origin) ?? source?.topic ?? record.topic,
      isForwarded,
      source,
      failure: {
        factId,
        kind,
        at: text(DLQ.at),
        startedAt: text(DLQ.startedAt),
        durationMs: number(DLQ.duration),
        attempt: number(DLQ.attempts),
        generation: number(HEADER.generation),
        retryId: text(HEADER.retryId),
        error: {
          type: text(DLQ.errorType) ?? 'unknown',
          message: text(DLQ.errorMessage) ?? '',
          ...optional('stack', text(DLQ.errorStack)),
        },
        service: text(DLQ.service),
        release: text(DLQ.release),
        host: text(DLQ.host),
        process: text(DLQ.process),
        member: text(DLQ.member),
      },
    };
  },
};

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}
