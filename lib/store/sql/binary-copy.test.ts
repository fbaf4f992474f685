import { describe, expect, it } from 'vitest';
import { encodeRows } from './binary-copy';

interface Cell {
  value: unknown;
}

/** The fields of each row as PostgreSQL reads them ("Binary Format" of its COPY); null for NULL. */
function decode(bytes: Buffer): (Buffer | null)[][] {
  expect(bytes.subarray(0, 11)).toEqual(Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'));
  let at = 11 + 8;
  const rows: (Buffer | null)[][] = [];
  for (let count = bytes.readInt16BE(at); count !== -1; count = bytes.readInt16BE(at)) {
    at += 2;
    rows.push(
      Array.from({ length: count }, () => {
        const length = bytes.readInt32BE(at);
        at += 4;
        if (length === -1) return null;
        at += length;
        return bytes.subarray(at - length, at);
      }),
    );
  }
  expect(at + 2).toBe(bytes.length);
  return rows;
}

function encode(type: string, ...values: unknown[]): Buffer[] {
  const column = { name: 'c', type, of: ({ value }: Cell) => value };
  const bytes = Buffer.concat([
    ...encodeRows(
      [column],
      values.map((value) => ({ value })),
    ),
  ]);
  return decode(bytes).map(([field]) => field!);
}

/** Bytes of a field as its type's own reader has them. */
const READERS: Record<string, (field: Buffer) => unknown> = {
  uuid: (field) => field.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  text: (field) => field.toString('utf8'),
  bytea: (field) => field,
  bool: (field) => field.equals(Buffer.from([1])),
  smallint: (field) => field.readInt16BE(),
  int: (field) => field.readInt32BE(),
  bigint: (field) => field.readBigInt64BE(),
  timestamptz: (field) =>
    new Date(Number(field.readBigInt64BE() / 1000n) + Date.UTC(2000, 0, 1)).toISOString(),
};

describe('rows in the binary format', () => {
  it.each([
    ['uuid', ['019ad20f-2800-7073-9e21-63556a071209', 'ffffffff-ffff-ffff-ffff-ffffffffffff']],
    ['text', ['', 'orders', 'ünïcödé 订单 🚚', 'x'.repeat(200_000), `${'a'.repeat(47)}é`, 'a'.repeat(48)]],
    ['bytea', [Buffer.alloc(0), Buffer.from([0, 255, 10]), Buffer.alloc(300_000, 7)]],
    ['bool', [true, false]],
    ['smallint', [0, 1, -1, 32_767, -32_768]],
    ['int', [0, -1, 2_147_483_647, -2_147_483_648]],
    ['timestamptz', ['2026-11-30T14:02:11.123Z', '1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']],
  ])('have a %s as it was', (type, values) => {
    expect(encode(type, ...values).map((field) => READERS[type]!(field))).toEqual(values);
  });

  it('have a bigint as it was, given as a number, a bigint or a text', () => {
    const values = [0, 1, -1, 4_294_967_296, 2 ** 53 - 1, -(2 ** 53 - 1)];
    const wide = [9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n];
    const fields = encode('bigint', ...values, ...wide, '9007199254740993');
    expect(fields.map((field) => READERS.bigint!(field))).toEqual([
      ...values.map(BigInt),
      ...wide,
      9_007_199_254_740_993n,
    ]);
  });

  it('have a time of a Date to the millisecond', () => {
    const date = new Date('1999-12-31T23:59:59.999Z');
    expect(encode('timestamptz', date).map((field) => READERS.timestamptz!(field))).toEqual([
      date.toISOString(),
    ]);
  });

  it('have NULL for null and undefined, and an end where there are no rows', () => {
    expect(encode('text', null, undefined, 'x').map((field) => field?.toString() ?? null)).toEqual([
      null,
      null,
      'x',
    ]);
    expect(encode('text')).toEqual([]);
  });

  it('refuse a type that is not written', () => {
    expect(() => encode('money', 1)).toThrow(/column c has the type money/);
  });
});
