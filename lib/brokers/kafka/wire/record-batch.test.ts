import { describe, expect, it } from 'vitest';
import { decodeRecordBatches, encodeRecordBatch } from './record-batch';

describe('a record batch', () => {
  const record = (key: string | null) => ({
    key: key === null ? null : Buffer.from(key),
    value: null,
    headers: [],
  });
  it('comes back as it was, from any offset in it, and a batch that was cut off is left for later', async () => {
    const batch = encodeRecordBatch([record('a'), record(null), record('c')], 1_790_000_000_000);
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
});
