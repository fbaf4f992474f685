import { createHash } from 'node:crypto';
import type { BytesView, HeaderView, ValueView } from '@/lib/contract/messages';
import { readBytes } from '@/lib/protocol/bytes-text';
import type { HeaderPair } from '@/lib/protocol/header-text';

/** Bytes of a payload that the page gets; more is downloaded. */
const MAX_SHOWN = 262_144;
const MAX_HEX = 4_096;

/** Bytes by the one rule by which all pages read them. @param name of the header; null for a key */
export function viewOfBytes(bytes: Buffer, name: string | null): BytesView {
  const { as, text } = readBytes(bytes, name);
  return {
    as,
    text: as === 'hex' || as === 'java' ? null : text,
    hex: bytes.subarray(0, MAX_HEX).toString('hex'),
    size: bytes.length,
  };
}

/** A header; null stays null, which is not the same as empty. */
export function viewOfHeader([name, bytes]: HeaderPair): HeaderView {
  if (bytes === null) return { name, as: 'text', text: null, hex: null, size: 0 };
  return { name, ...viewOfBytes(bytes, name) };
}

/** A value: what it is, how large, and the part of it that a page shows. */
export function viewOfValue(value: Buffer | null, size: number, truncated: boolean): ValueView {
  if (value === null) return { state: 'null', text: null, hex: '', size: 0, sha256: '', cut: false };
  const { as, text } = readBytes(value);
  return {
    state: value.length === 0 ? 'empty' : as === 'text' ? (isJson(text) ? 'json' : 'text') : STATE[as],
    text: as === 'hex' || as === 'java' ? null : text.slice(0, MAX_SHOWN),
    hex: value.subarray(0, MAX_HEX).toString('hex'),
    size,
    sha256: createHash('sha256').update(value).digest('hex'),
    cut: truncated || value.length > MAX_SHOWN,
  };
}

const STATE = { uuid: 'uuid', integer: 'integer', java: 'java', hex: 'binary' } as const;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
