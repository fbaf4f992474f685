import { describe, expect, it } from 'vitest';
import { readBytes, readingsOf } from './bytes-text';

const long = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};
const int = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const uuid = Buffer.from('550e8400e29b41d4a716446655440000', 'hex');

describe('the text of bytes', () => {
  it.each<[string, Buffer, string | null, string, string]>([
    ['text', Buffer.from('order-1042'), null, 'text', 'order-1042'],
    ['four letters', Buffer.from('abcd'), null, 'text', 'abcd'],
    ['text with a tab', Buffer.from('a\tb'), null, 'text', 'a\tb'],
    ['nothing', Buffer.alloc(0), null, 'text', ''],
    ['a long', long(42n), null, 'integer', '42'],
    ['a negative int', int(-1), null, 'integer', '-1'],
    ['a large long', long(200n), null, 'integer', '200'],
    ['a UUID under its name', uuid, 'tenant-id', 'uuid', '550e8400-e29b-41d4-a716-446655440000'],
    ['a UUID as a key', uuid, null, 'uuid', '550e8400-e29b-41d4-a716-446655440000'],
    ['16 bytes under another name', uuid, 'signature', 'hex', '0x550e8400e29b41d4a716446655440000'],
    ['16 bytes that are no UUID', Buffer.alloc(16, 0xff), null, 'hex', `0x${'ff'.repeat(16)}`],
    ['Latin-1', Buffer.from([0xe9, 0x74, 0xe9]), null, 'hex', '0xe974e9'],
    ['a Java object', Buffer.from('aced00057372', 'hex'), null, 'java', '0xaced00057372'],
    ['control characters', Buffer.from([1, 2, 3]), null, 'hex', '0x010203'],
  ])('%s', (_, bytes, name, as, text) => {
    expect(readBytes(bytes, name)).toEqual({ as, text });
  });

  it('is found under what earlier releases stored as well', () => {
    expect(readingsOf('42')).toEqual([
      '42',
      '0x0000002a',
      '\ufffd\ufffd\ufffd*',
      '0x000000000000002a',
      '\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd*',
    ]);
    expect(readingsOf('0x000000000000002A')).toContain('42');
    expect(readingsOf('-1')).toContain('0xffffffff');
    expect(readingsOf('9999999999')).not.toContain('0x');
    expect(readingsOf('550E8400-E29B-41D4-A716-446655440000')).toContain(
      '550e8400-e29b-41d4-a716-446655440000',
    );
    expect(readingsOf('order-1042')).toEqual(['order-1042']);
  });
});
