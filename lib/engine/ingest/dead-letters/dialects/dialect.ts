import type { BrokerRecord } from '@/lib/brokers/broker';
import type { FactError, Position } from '@/lib/protocol/fact';
import type { Naming } from '../../name-facts';

/** How one framework writes dead letters: its own file, with recorded samples as its test, and an entry in the registry. */
export interface Dialect {
  /** Stored with each dead letter; never changes. */
  id: string;
  /** The framework's own name, as pages show it. */
  name: string;
  /** Whether a topic's name is one that the framework gives to dead-letter topics. */
  matchesTopic(name: string): boolean;
  /** @returns null where the record does not have this framework's headers */
  read(record: BrokerRecord): DeadLetterReading | null;
}

/** What the headers of one dead letter report, whatever framework wrote them. */
export interface DeadLetterReading {
  /** The message's id, or what names it where its record has no id of Courier's. */
  message: string | Naming;
  /** The consumer group that gave up; null where the headers do not name it. */
  group: string | null;
  /** The topic that the message was published to. */
  topic: string;
  /** Whether its `courier-` headers were copied from another message, so that they do not describe this one. */
  isForwarded: boolean;
  /** Position of the record that failed, where the headers name it. */
  source: Position | undefined;
  /** The last failure; fields that the headers do not have are undefined. */
  failure: ReadFailure;
}

/** As the headers have it: values may be malformed, and the builder of facts rejects those with a reason. */
interface ReadFailure {
  /** Where the framework reports failures to Courier itself: the id that it gave this one. */
  factId: string | undefined;
  kind: string;
  /** ISO 8601. */
  at: string | undefined;
  startedAt?: string | undefined;
  durationMs?: number | undefined;
  attempt?: number | undefined;
  generation?: number | undefined;
  retryId?: string | undefined;
  error: FactError;
  service?: string | undefined;
  release?: string | undefined;
  host?: string | undefined;
  process?: string | undefined;
  member?: string | undefined;
}
