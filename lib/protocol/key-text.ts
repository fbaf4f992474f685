import { readBytes } from './bytes-text';
import { LIMITS } from './fact';

/**
 * The text under which a message is found by its key, and with which pages show it, by the rule of `readBytes`. It is cut to
 * the limit at a character's edge.
 * @returns undefined for no key and for an empty one
 */
export function keyText(
  key: Uint8Array | null,
  maxCharacters: number = LIMITS.keyCharacters,
): string | undefined {
  if (key === null || key.length === 0) return undefined;
  const cut = readBytes(key).text.slice(0, maxCharacters);
  // Half a surrogate pair is no character.
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
