import { roleOfTopic } from './topics';

/** A clock may be this far ahead of the broker's; an id that is further ahead is not believed. */
export const MAX_AHEAD_MS = 86_400_000;

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text is a UUIDv7 in lower case (RFC 9562 section 5.7). */
export function isUuidV7(text: string | undefined): text is string {
  return text !== undefined && UUID_V7.test(text);
}

/** Milliseconds since 1970 that a UUIDv7 begins with. */
export function timeOfUuidV7(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Whether an id was made by a clock that is more than a day ahead of a time, in milliseconds since 1970. */
export function isAhead(id: string, time: number): boolean {
  return timeOfUuidV7(id) > time + MAX_AHEAD_MS;
}

/** What of a record says which message it is. */
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
 * The id of the message that a record is, where its headers name one that is believed: `courier-topic` names the topic it
 * is read from, or that is a retry or dead-letter topic, since frameworks copy headers forward and a copied id belongs to
 * another message; and the id is not of a clock that is far ahead, which would stand above all others.
 */
export function believedId({ topic, timestamp, id, origin }: IdentifyingHeaders): string | undefined {
  if (!isUuidV7(id) || origin === undefined || isAhead(id, timestamp)) return undefined;
  const role = roleOfTopic(topic);
  return origin === topic || role === 'retry' || role === 'dead_letter' ? id : undefined;
}
