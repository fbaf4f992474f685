import type { ReportedFact } from '@/lib/protocol/fact';
import { roleOfTopic } from '@/lib/protocol/topics';

/** Kinds of facts that only a message's sender and the index report. */
const SENDER_KINDS: ReadonlySet<string> = new Set(['committed', 'indexed', 'send_failed']);

/** Whether a fact is about the sending of its message, as opposed to a delivery. */
export function isOfSender(fact: Pick<ReportedFact, 'kind'>): boolean {
  return SENDER_KINDS.has(fact.kind);
}

/** The topic that a fact names as the one its message was published to; undefined where it names none. */
export function topicOfFact({
  message,
  position,
}: Pick<ReportedFact, 'message' | 'position'>): string | undefined {
  if (message) return message.topic;
  return position && roleOfTopic(position.topic) === 'message' ? position.topic : undefined;
}

/** What is stored of a message before a fact about it is accepted. */
export interface KnownDescription {
  topic: string | null;
  /** Fields of its description that have a value. */
  known: ReadonlySet<string>;
}

/**
 * Removes from a receiver's fact the description of the message, except for fields that are missing in the store: a
 * receiver fills gaps and changes nothing. A fact of another topic is of another message, and keeps its own words.
 */
export function withinGaps<Reported extends Pick<ReportedFact, 'kind' | 'message'>>(
  fact: Reported,
  origin: KnownDescription | undefined,
): Reported {
  const { message } = fact;
  if (!message || !origin || isOfSender(fact)) return fact;
  if (origin.topic !== null && origin.topic !== message.topic) return fact;
  const gaps = Object.entries(message).filter(([field]) => !origin.known.has(field));
  return { ...fact, message: { ...Object.fromEntries(gaps), topic: message.topic } };
}
