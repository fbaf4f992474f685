const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Two digits of each byte. Ids are made by the ten thousand a second. */
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Whether the text is a UUID in its lower-case form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Whether a text is a UUIDv7 in lower case (RFC 9562 section 5.7). */
export function isUuidV7(text: string | undefined): text is string {
  return text !== undefined && UUID_V7.test(text);
}

/** Milliseconds since 1970 that a UUIDv7 begins with. */
export function timeOfUuidV7(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The last moment of the year 9999: later moments have no ISO 8601 time of the usual length. */
const LATEST_MS = 253_402_300_799_999;

/**
 * Clamps the time of a record to one that can be written down. A producer may have set any 64-bit number, and -1 if it had
 * no time. @param milliseconds since 1970
 */
export function readableTime(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), LATEST_MS);
}

/** A new UUIDv7 (RFC 9562 section 5.7): 48 bits of milliseconds, the rest random. */
export function newUuidV7(now: number = Date.now()): string {
  return uuidV7From(now, crypto.getRandomValues(new Uint8Array(10)));
}

/**
 * A UUIDv7 of the given moment whose other 74 bits are given, so that the same record gets the same id at every reading.
 * @param milliseconds since 1970, 0 to 2^48 - 1
 * @param bytes at least 10; the first 10 are used
 */
export function uuidV7From(milliseconds: number, bytes: Uint8Array): string {
  const hex = Math.min(Math.max(Math.trunc(milliseconds), 0), 0xffffffffffff)
    .toString(16)
    .padStart(12, '0');
  const two = (at: number) => HEX[bytes[at] ?? 0] ?? '00';
  const variant = HEX[((bytes[2] ?? 0) & 0x3f) | 0x80] ?? '80';
  const node = two(4) + two(5) + two(6) + two(7) + two(8) + two(9);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${two(0).slice(1)}${two(1)}-${variant}${two(3)}-${node}`;
}

/** The smallest UUIDv7 of a moment: the lower bound of a time range. */
export function floorUuidV7(milliseconds: number): string {
  const hex = Math.max(Math.trunc(milliseconds), 0).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}

/** `01a1…68fd9bc8`: ids made in one minute share their beginning, so the end counts. */
export function shortId(id: string): string {
  return id.length > 13 ? `${id.slice(0, 4)}…${id.slice(-8)}` : id;
}
