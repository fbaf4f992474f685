import { roleOfTopic } from './topics';
import { isUuidV7, timeOfUuidV7 } from './uuid';

/** A clock may be this far ahead of the broker's; an id that is further ahead is not believed. */
export const MAX_AHEAD_MS = 86_400_000;

/** Whether an id was made by a clock that is more than a day ahead of a time, in milliseconds since 1970. */
export function isAhead(id: string, time: number): boolean {
  return timeOfUuidV7(id) > time + MAX_AHEAD_MS;
}

/**
 * A time from which an id may be made: its own, or now where it is more than a day ahead. Producers write what they like, and
 * a message of the year 2200 would be the first in every list.
 * @param time milliseconds since 1970
 */
export function believableTime(time: number, now: number): number {
  return time > now + MAX_AHEAD_MS ? now : time;
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
 * another message. The id must not come from a clock that is far ahead, since it would sort above all others; where the
 * time of the record is its producer's, it may be ahead as well.
 */
export function believedId(
  { topic, timestamp, id, origin }: IdentifyingHeaders,
  now = Date.now(),
): string | undefined {
  if (!isUuidV7(id) || origin === undefined || isAhead(id, Math.min(timestamp, now))) return undefined;
  const role = roleOfTopic(topic);
  return origin === topic || role === 'retry' || role === 'dead_letter' ? id : undefined;
}
