import { describe, expect, it } from 'vitest';
import { keyText } from './key-text';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('the text of a key', () => {
  it('is the key where it is UTF-8, byte order mark included', () => {
    for (const text of ['order-1148', '订单', '😀', '\ufeffmarked', 'a\tb', ' '])
      expect(keyText(new TextEncoder().encode(text))).toBe(text);
  });

  it('is hexadecimal where it is none, so that two keys never have one text', () => {
    expect(keyText(bytes(0xde, 0xad, 0xbe))).toBe('0xdeadbe');
    expect(keyText(new TextEncoder().encode('a\0b'))).toBe('0x610062');
    expect(keyText(bytes(0xed, 0xa0, 0x80))).toBe('0xeda080');
    expect(keyText(bytes(0xff))).not.toBe(keyText(bytes(0xfe)));
    expect(keyText(bytes(0, 0, 0, 7))).toBe('7');
  });

  it('is absent where there is no key', () => {
    expect(keyText(null)).toBeUndefined();
    expect(keyText(bytes())).toBeUndefined();
  });

  it('is cut at the edge of a character', () => {
    expect(keyText(new TextEncoder().encode('abcdef'), 3)).toBe('abc');
    expect(keyText(new TextEncoder().encode('ab😀'), 3)).toBe('ab');
    expect(keyText(bytes(0xff, 0xfe, 0xfd), 6)).toBe('0xfffe');
    expect(keyText(new Uint8Array(100_000).fill(0xff))).toHaveLength(1_024);
  });
});
