import { parsePosition } from './position';
import { isUuid } from './uuid';

/** How one word of a search was read. */
export type ReadWord =
  | { as: 'id'; text: string }
  | { as: 'position'; text: string }
  | { as: 'header'; text: string; name: string; value: string }
  | { as: 'value'; text: string };

/** Words that one search may have; more are refused rather than ignored. */
export const MOST_WORDS = 6;

/**
 * Takes what a person typed apart: words are separated by spaces, and each narrows what the others find. What stands in
 * double quotes is one word, spaces included.
 */
export function readWords(text: string): ReadWord[] {
  return (text.match(/(?:"[^"]*"|\S)+/g) ?? [])
    .map((word) => (/^[^"]*"[^"]+"$/.test(word) ? word.replaceAll('"', '') : word))
    .filter((word) => word !== '')
    .map(readWord);
}

function readWord(word: string): ReadWord {
  if (isUuid(word.toLowerCase())) return { as: 'id', text: word };
  // Before the position: the value of a header may well have slashes and numbers.
  const header = /^([^=\s]{1,255})=(\S[\s\S]*)$/.exec(word);
  if (header?.[1] && header[2]) return { as: 'header', text: word, name: header[1], value: header[2] };
  const position = parsePosition(word);
  if (position) {
    return { as: 'position', text: `${position.topic}/${position.partition}/${position.offset}` };
  }
  return { as: 'value', text: word };
}

const MOST_SEGMENTS = 8;

/**
 * Parts of a key that people search by: those that hold a digit and have three characters or more, so that `1042` finds
 * `order-1042` and not `11042`. A UUID has none: nobody searches by a part of one.
 */
export function segmentsOf(key: string): string[] {
  if (isUuid(key.toLowerCase())) return [];
  const parts = key.split(/[^\p{L}\p{N}]+/u).filter((part) => part.length >= 3 && /\p{N}/u.test(part));
  return [...new Set(parts)].filter((part) => part !== key).slice(0, MOST_SEGMENTS);
}

/** Shortest beginning of a key that is searched for. */
export const LEAST_PREFIX = 3;
