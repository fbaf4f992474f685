import { gzipSync } from 'node:zlib';
import { compress as zstd } from '@mongodb-js/zstd';
import createSnappy from 'kafkajs-snappy';
import { compressFrame } from 'lz4-napi';
import { describe, expect, it } from 'vitest';
import { decompress } from './codecs';
import { decodeRecordBatches, encodeRecordBatch } from './record-batch';

const bytes = Buffer.from('courier '.repeat(1_000));

describe('codecs', () => {
  it("unpack what each of Kafka's codecs packed", async () => {
    const snappy = createSnappy() as unknown as { compress(encoder: { buffer: Buffer }): Promise<Buffer> };
    const packed = [
      bytes,
      gzipSync(bytes),
      await snappy.compress({ buffer: bytes }),
      await compressFrame(bytes),
      await zstd(bytes),
    ];
    for (const [codec, one] of packed.entries()) {
      expect(Buffer.compare(await decompress(codec, one), bytes), `codec ${codec}`).toBe(0);
    }
  });

  it('say which ones are known', async () => {
    await expect(decompress(7, bytes)).rejects.toThrow(/none, gzip, snappy, lz4, zstd/);
  });
});

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
    expect(records.map((one) => [one.offset, one.key?.toString() ?? null, one.timestamp])).toEqual([
      [1n, null, 1_790_000_000_000],
      [2n, 'c', 1_790_000_000_000],
    ]);
    expect(next).toBe(3n);
    expect(await decodeRecordBatches('t', 0, batch.subarray(0, 20), 0n)).toEqual({ records: [], next: null });
  });
});
