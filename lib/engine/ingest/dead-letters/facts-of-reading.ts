import { headerOf, type BrokerRecord } from '@/lib/brokers/broker';
import { deadLetteredFactId, failedFactId } from '@/lib/protocol/derived-ids';
import { describeRecord } from '@/lib/protocol/description';
import type { ReportedFact } from '@/lib/protocol/fact';
import { reportedFact } from '@/lib/protocol/fact-schema';
import { reasonOf } from '../record';
import type { DeadLetterReading } from './dialects/dialect';

/** The facts of one dead letter, and those that a malformed header makes unusable. */
export interface DeadLetterFacts {
  facts: ReportedFact[];
  /** As the headers have them, with the reason. */
  rejected: { reason: string; fact: unknown }[];
}

/**
 * Builds the facts of a dead letter: the last failure of its message, and its arrival in a dead-letter topic. A reading
 * without a group yields neither, since both belong to a delivery: the position alone then identifies the message.
 */
export function factsOfReading(record: BrokerRecord, reading: DeadLetterReading): DeadLetterFacts {
  const { group, source, failure, topic, isForwarded } = reading;
  const result: DeadLetterFacts = { facts: [], rejected: [] };
  if (group === null) return result;
  const to = { topic: record.topic, partition: record.partition, offset: record.offset.toString() };
  const arrivedAt = new Date(record.timestamp).toISOString();
  const failed = {
    ...failure,
    factId: failure.factId ?? failedFactId(to, record.timestamp),
    at: failure.at ?? arrivedAt,
    group,
    messageId: typeof reading.message === 'string' ? reading.message : undefined,
    position: source,
    message: describeRecord({
      topic,
      key: record.key,
      size: record.value?.length ?? 0,
      header: (name) => headerOf(record.headers, name),
      isForwarded,
    }),
    gaveUp: { to },
  };
  const arrived = {
    factId: deadLetteredFactId(to, record.timestamp),
    kind: 'dead_lettered',
    at: arrivedAt,
    group,
    position: to,
  };
  for (const fact of [failed, arrived]) {
    const given: unknown = JSON.parse(JSON.stringify(fact));
    const parsed = reportedFact.safeParse(given);
    if (parsed.success) result.facts.push(parsed.data);
    else result.rejected.push({ reason: reasonOf(parsed.error), fact: given });
  }
  return result;
}
