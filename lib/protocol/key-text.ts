import { LIMITS } from './fact';

/**
 * The text under which a message is found by its key, and with which pages show it: the key itself where it is UTF-8, else
 * `0x` and its bytes in hexadecimal digits. It is cut to the limit at a character's edge.
 * @returns undefined for no key and for an empty one
 */
export function keyText(
  key: Uint8Array | null,
  maxCharacters: number = LIMITS.keyCharacters,
): string | undefined {
  if (key === null || key.length === 0) return undefined;
  const text = utf8(key) ?? `0x${hex(key.subarray(0, Math.ceil(maxCharacters / 2)))}`;
  const cut = text.slice(0, maxCharacters);
  // Half a surrogate pair is no character.
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
