import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { CODEC_NAMES } from '../protocol/codec-names';
import { lz4UnpackedSize, snappyUnpackedSize, zstdMaxUnpackedSize } from './unpacked-size';

const gunzipAsync = promisify(gunzip);
const gzipAsync = promisify(gzip);

/** The largest batch of records that is unpacked, unless a setting says otherwise. */
export const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** A batch that unpacks to more than is allowed: a few bytes may stand for gigabytes. */
export class BatchTooLargeError extends Error {
  override readonly name = 'BatchTooLargeError';

  constructor(codec: number, packed: number, maxBytes: number) {
    super(
      `a batch of ${packed} bytes in ${CODEC_NAMES[codec] ?? codec} unpacks to more than ${maxBytes} bytes, which is the most that is unpacked`,
    );
  }
}

/**
 * Unpacks the records of a batch. The libraries are loaded when a topic first needs them.
 * @param maxBytes that it may unpack to; checked before anything is unpacked
 * @throws BatchTooLargeError, and Error for a codec that Kafka did not have when this was written
 */
export async function decompress(codec: number, bytes: Buffer, maxBytes = MAX_BATCH_BYTES): Promise<Buffer> {
  const tooLarge = () => new BatchTooLargeError(codec, bytes.length, maxBytes);
  const check = (size: number): void => {
    if (size > maxBytes) throw tooLarge();
  };
  switch (codec) {
    case 0:
      return bytes;
    case 1:
      return gunzipAsync(bytes, { maxOutputLength: maxBytes }).catch((error: unknown) => {
        throw error instanceof RangeError ? tooLarge() : error;
      });
    case 2: {
      check(snappyUnpackedSize(bytes));
      const { default: createSnappy } = await import('kafkajs-snappy');
      return createSnappy().decompress(bytes);
    }
    case 3: {
      check(lz4UnpackedSize(bytes));
      const { decompressFrame } = await import('lz4-napi');
      return decompressFrame(bytes);
    }
    case 4: {
      check(zstdMaxUnpackedSize(bytes));
      const { decompress: unzstd } = await import('@mongodb-js/zstd');
      return unzstd(bytes);
    }
    default:
      throw new Error(`unknown compression ${codec}; Courier reads ${CODEC_NAMES.join(', ')}`);
  }
}

/** Compresses the records of a batch. @throws Error for a codec that Kafka did not have when this was written */
export async function compress(codec: number, bytes: Buffer): Promise<Buffer> {
  switch (codec) {
    case 0:
      return bytes;
    case 1:
      return gzipAsync(bytes);
    case 2: {
      const { default: createSnappy } = await import('kafkajs-snappy');
      return createSnappy().compress({ buffer: bytes });
    }
    case 3: {
      const { compressFrame } = await import('lz4-napi');
      return compressFrame(bytes);
    }
    case 4: {
      const { compress: zstd } = await import('@mongodb-js/zstd');
      return zstd(bytes);
    }
    default:
      throw new Error(`unknown compression ${codec}; Courier writes ${CODEC_NAMES.join(', ')}`);
  }
}
