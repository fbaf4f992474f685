import { gzipSync } from 'node:zlib';
import { compress as zstd } from '@mongodb-js/zstd';
import createSnappy from 'kafkajs-snappy';
import { compressFrame } from 'lz4-napi';
import { describe, expect, it } from 'vitest';
import { BatchTooLargeError, UnreadableBatchError, decompress } from './codecs';

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
    for (const [codec, item] of packed.entries()) {
      expect(Buffer.compare(await decompress(codec, item), bytes), `codec ${codec}`).toBe(0);
    }
  });

  it('unpack nothing that is larger than allowed, whatever a few bytes claim', async () => {
    const zeros = Buffer.alloc(8_000_000);
    const snappy = createSnappy() as unknown as { compress(encoder: { buffer: Buffer }): Promise<Buffer> };
    const packed = [
      gzipSync(zeros),
      await snappy.compress({ buffer: zeros }),
      await compressFrame(zeros),
      await zstd(zeros),
    ];
    for (const [index, item] of packed.entries()) {
      await expect(decompress(index + 1, item, 4_000_000), `codec ${index + 1}`).rejects.toThrow(
        BatchTooLargeError,
      );
      expect((await decompress(index + 1, item, 8_400_000)).length, `codec ${index + 1}`).toBe(zeros.length);
    }
    // Seven bytes that claim two gigabytes.
    await expect(decompress(2, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0x00, 0x41]))).rejects.toThrow(
      BatchTooLargeError,
    );
    const xerial = Buffer.concat([
      Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 6]),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0x00]),
    ]);
    await expect(decompress(2, xerial)).rejects.toThrow(BatchTooLargeError);
  });

  it('name the codec of bytes that are damaged, or are of another codec', async () => {
    const packed = Buffer.from('nonsense that no codec has made');
    for (const [codec, name] of ['gzip', 'snappy', 'lz4', 'zstd'].entries()) {
      const failed = decompress(codec + 1, packed);
      await expect(failed, name).rejects.toThrow(UnreadableBatchError);
      await expect(failed, name).rejects.toThrow(`31 bytes can't be unpacked with ${name}`);
    }
    const cut = gzipSync(bytes).subarray(0, -12);
    await expect(decompress(1, cut)).rejects.toThrow(UnreadableBatchError);
  });

  it('say which ones are known', async () => {
    await expect(decompress(7, bytes)).rejects.toThrow(/none, gzip, snappy, lz4, zstd/);
  });
});
