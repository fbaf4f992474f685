import { describe, expect, it } from 'vitest';
import { decodeRecordBatches, encodeRecordBatch } from './record-batch';

describe('a record batch', () => {
  const record = (key: string | null) => ({
    key: key === null ? null : Buffer.from(key),
    value: null,
    headers: [],
  });
  it('comes back as it was, from any offset in it, and a batch that was cut off is left for later', async () => {
    const batch = await encodeRecordBatch([record('a'), record(null), record('c')], 1_790_000_000_000);
    const both = Buffer.concat([batch, batch.subarray(0, 30)]);
    const { records, next } = await decodeRecordBatches('t', 0, both, 1n);
    expect(
      records.map((record) => [record.offset, record.key?.toString() ?? null, record.timestamp]),
    ).toEqual([
      [1n, null, 1_790_000_000_000],
      [2n, 'c', 1_790_000_000_000],
    ]);
    expect(next).toBe(3n);
    expect(await decodeRecordBatches('t', 0, batch.subarray(0, 20), 0n)).toEqual({
      records: [],
      next: null,
      passedOver: [],
    });
  });

  it.each([0, 1, 2, 3, 4])('is compressed again with the codec that it had: %i', async (codec) => {
    const records = ['a', 'b'].map((key, index) => ({
      ...record(key),
      value: Buffer.from('courier '.repeat(500)),
      timestamp: 1_700_000_000_000 - index * 1_000,
    }));
    const batch = await encodeRecordBatch(records, 1_790_000_000_000, codec);
    if (codec > 0) expect(batch.length).toBeLessThan(1_000);
    const decoded = await decodeRecordBatches('t', 0, batch, 0n);
    expect(decoded.records.map(({ value }) => value?.length)).toEqual([4_000, 4_000]);
    expect(decoded.records.map(({ timestamp }) => timestamp)).toEqual([1_700_000_000_000, 1_699_999_999_000]);
    expect(decoded.records.map((item) => item.codec ?? 0)).toEqual([codec, codec]);
  });

  it('is read whole with very many records, and passed over where more would be made of it than is allowed', async () => {
    const many = await encodeRecordBatch(
      Array.from({ length: 200_000 }, () => record('k')),
      1,
      1,
    );
    const decoded = await decodeRecordBatches('t', 0, many, 0n);
    expect(decoded.records).toHaveLength(200_000);
    expect(decoded.passedOver).toEqual([]);
    const headers = Array.from({ length: 1_000_000 }, (): [string, Buffer | null] => ['', null]);
    const wide = await encodeRecordBatch([{ ...record('k'), headers }], 1, 1);
    expect(wide.length).toBeLessThan(10_000);
    const { records, next, passedOver } = await decodeRecordBatches('t', 0, wide, 0n);
    expect({ records, next }).toEqual({ records: [], next: 1n });
    expect(passedOver[0]?.reason).toContain('unpacks to more than');
  });
});
