import { roleOfTopic } from './topics';
import { isUuidV7, timeOfUuidV7 } from './uuid';

/** A clock may be this far ahead of the broker's; an id that is further ahead is not believed. */
export const MAX_AHEAD_MS = 86_400_000;

/** Whether an id was made by a clock that is more than a day ahead of a time, in milliseconds since 1970. */
export function isAhead(id: string, time: number): boolean {
  return timeOfUuidV7(id) > time + MAX_AHEAD_MS;
}

/** The parts of a record that identify its message. */
export interface IdentifyingHeaders {
  /** The topic that it is read from. */
  topic: string;
  /** Milliseconds since 1970 of the record. */
  timestamp: number;
  /** Its header `courier-id`. */
  id: string | undefined;
  /** Its header `courier-topic`. */
  origin: string | undefined;
}

/**
 * Returns the message id in a record's headers if it is believed. `courier-topic` must name the topic that the record is
 * read from, unless that is a retry or dead-letter topic: frameworks copy headers forward, and a copied id belongs to
 * another message. The id must not come from a clock that is far ahead, since it would sort above all others.
 */
export function believedId({ topic, timestamp, id, origin }: IdentifyingHeaders): string | undefined {
  if (!isUuidV7(id) || origin === undefined || isAhead(id, timestamp)) return undefined;
  const role = roleOfTopic(topic);
  return origin === topic || role === 'retry' || role === 'dead_letter' ? id : undefined;
}
