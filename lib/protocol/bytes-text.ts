/** What bytes were read as. `java`: an object in Java's serialization, which is named and never read. */
export type ReadingOf = 'text' | 'uuid' | 'integer' | 'java' | 'hex';

export interface BytesReading {
  as: ReadingOf;
  /** The text under which the bytes are shown and found; of `java` and `hex` `0x` and hexadecimal digits. */
  text: string;
}

/** Names of headers and fields whose 16 bytes are a UUID. */
const UUID_NAME = /(uuid|guid|(?:^|[._-])id|Id|ID)$/;
const JAVA_MAGIC = [0xac, 0xed, 0x00, 0x05];

/**
 * The one text that bytes have on every page, in the index and in exports: UTF-8 without control characters (but white
 * space) is text; 16 bytes under the name of an id, or a key of 16 bytes that has a UUID's version and variant (RFC 9562), are a
 * UUID; 4 or 8 bytes are a signed integer, the higher byte first, as Java's serializers write it; all else is hexadecimal.
 * @param name of the header or field; null for a key or a value
 */
export function readBytes(bytes: Uint8Array, name: string | null = null): BytesReading {
  const text = plainText(bytes);
  if (text !== null) return { as: 'text', text };
  if (JAVA_MAGIC.every((byte, index) => bytes[index] === byte))
    return { as: 'java', text: `0x${hexOf(bytes)}` };
  if (bytes.length === 16 && (name === null ? hasUuidForm(bytes) : UUID_NAME.test(name)))
    return { as: 'uuid', text: uuidOf(bytes) };
  if (bytes.length === 4 || bytes.length === 8) return { as: 'integer', text: integerOf(bytes).toString() };
  return { as: 'hex', text: `0x${hexOf(bytes)}` };
}

/** Bytes as text, if they are UTF-8 without control characters but white space; else null. */
export function plainText(bytes: Uint8Array): string | null {
  const text = utf8(bytes);
  return text === null || /[\0-\x08\x0e-\x1f]/.test(text) ? null : text;
}

/** Bytes as UTF-8; null where they are not. */
export function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function hasUuidForm(bytes: Uint8Array): boolean {
  const [version, variant] = [(bytes[6] ?? 0) >> 4, (bytes[8] ?? 0) >> 6];
  return version >= 1 && version <= 8 && variant === 2;
}

function uuidOf(bytes: Uint8Array): string {
  const hex = hexOf(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function integerOf(bytes: Uint8Array): bigint {
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${hexOf(bytes)}`));
}

/** Integers that a key of 4 or 8 bytes may be. */
const INTEGER = /^-?\d{1,19}$/;

/**
 * Every text under which the bytes that a person means may have been stored: as it is typed; of a number the bytes of Java's
 * serializers, as earlier releases stored them; of hexadecimal digits what they are read as; a UUID in either case and as
 * its bytes.
 */
export function readingsOf(typed: string): string[] {
  const readings = [typed];
  if (INTEGER.test(typed)) {
    const value = BigInt(typed);
    for (const size of [4, 8]) {
      if (BigInt.asIntN(size * 8, value) !== value) continue;
      const hex = BigInt.asUintN(size * 8, value)
        .toString(16)
        .padStart(size * 2, '0');
      readings.push(`0x${hex}`, formerText(bytesOf(hex)));
    }
  }
  const hex = /^0x((?:[0-9a-f]{2})+)$/i.exec(typed)?.[1];
  if (hex) readings.push(`0x${hex.toLowerCase()}`, readBytes(bytesOf(hex)).text, formerText(bytesOf(hex)));
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(typed)) {
    const digits = typed.replaceAll('-', '').toLowerCase();
    readings.push(typed.toLowerCase(), typed.toUpperCase(), `0x${digits}`);
  }
  return [...new Set(readings)];
}

/** The text that releases before 0.2 stored for bytes: any UTF-8, with NUL as U+FFFD, else hexadecimal. */
function formerText(bytes: Uint8Array): string {
  return utf8(bytes)?.replaceAll('\0', '\ufffd') ?? `0x${hexOf(bytes)}`;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
}
