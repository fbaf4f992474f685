import { parsePosition, positionText } from '@/lib/protocol/position';
import { isUuid } from '@/lib/protocol/uuid';

/** How one word of a search was read. */
export type ReadWord =
  | { as: 'id'; text: string }
  /** As ids are shown where room is short: `01a1…68fd9bc8`, or an id's first digits with its hyphen. */
  | { as: 'idPart'; text: string; begin: string; end: string }
  | { as: 'position'; text: string }
  | { as: 'header'; text: string; name: string; value: string }
  /** @property exact whether it was typed in double quotes, which means exactly this text */
  | { as: 'value'; text: string; exact?: true };

/** Words that one search may have; more are refused rather than ignored. */
export const MAX_WORDS = 6;

/**
 * Splits what a person typed into words at its spaces. Each word narrows the hits of the others. Text in double quotes is
 * one word, spaces included.
 */
export function readWords(text: string): ReadWord[] {
  return (text.match(/(?:"[^"]*"|\S)+/g) ?? [])
    .filter((word) => word !== '' && word !== '""')
    .map((word): ReadWord => {
      if (/^"[^"]+"$/.test(word)) return { as: 'value', text: word.slice(1, -1), exact: true };
      return readWord(/^[^"]*"[^"]+"$/.test(word) ? word.replaceAll('"', '') : word);
    });
}

function readWord(word: string): ReadWord {
  if (isUuid(word.toLowerCase())) return { as: 'id', text: word };
  // Before the position: the value of a header may well have slashes and numbers.
  const header = /^([^=\s]{1,255})=(\S[\s\S]*)$/.exec(word);
  if (header?.[1] && header[2]) return { as: 'header', text: word, name: header[1], value: header[2] };
  const position = parsePosition(word);
  if (position) {
    return { as: 'position', text: positionText(position) };
  }
  return readIdPart(word) ?? { as: 'value', text: word };
}

function readIdPart(word: string): ReadWord | null {
  const lower = word.toLowerCase();
  const short = /^([0-9a-f]{4})(?:…|\.{2,3})([0-9a-f]{8})$/.exec(lower);
  if (short?.[1] && short[2]) return { as: 'idPart', text: word, begin: short[1], end: short[2] };
  const isBegin = lower.length >= 13 && isUuid(lower + LAST_UUID.slice(lower.length));
  return isBegin ? { as: 'idPart', text: word, begin: lower, end: '' } : null;
}

const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Last digits of an id as they are shown; they may be a key or another's id as well, which comes first. */
export function isIdEnd(text: string): boolean {
  return /^[0-9a-f]{8}$/i.test(text);
}

const MAX_SEGMENTS = 8;
const UUIDS = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/**
 * Parts of a key that people search by: those that hold a digit and have three characters or more, so that `1042` finds
 * `order-1042` and not `11042`. A UUID is one part, and a key that is one has none.
 */
export function segmentsOf(key: string): readonly string[] {
  if (key !== lastKey) [lastKey, lastSegments] = [key, readSegments(key)];
  return lastSegments;
}

/** Of one message they are asked for several times. */
let lastKey = '';
let lastSegments: readonly string[] = [];

function readSegments(key: string): string[] {
  if (isUuid(key.toLowerCase())) return [];
  const uuids = (key.match(UUIDS) ?? []).map((uuid) => uuid.toLowerCase());
  const parts = key
    .replace(UUIDS, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part.length >= 3 && /\p{N}/u.test(part));
  return [...new Set([...uuids, ...parts])].filter((part) => part !== key).slice(0, MAX_SEGMENTS);
}

/** Shortest beginning of a key that is searched for. */
export const MIN_PREFIX = 3;
