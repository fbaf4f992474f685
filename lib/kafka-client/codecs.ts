import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { CODEC_NAMES } from '../protocol/codec-names';
import { lz4UnpackedSize, snappyUnpackedSize, zstdMaxUnpackedSize } from './unpacked-size';

const gunzipAsync = promisify(gunzip);
const gzipAsync = promisify(gzip);

/** The largest batch of records that is unpacked, unless a setting overrides it. */
export const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** A batch that unpacks to more than is allowed: a few bytes may expand to gigabytes. */
export class BatchTooLargeError extends Error {
  override readonly name = 'BatchTooLargeError';

  constructor(codec: number, packed: number, maxBytes: number) {
    super(
      `a batch of ${packed} bytes in ${CODEC_NAMES[codec] ?? codec} unpacks to more than ${maxBytes} bytes, which is the most that is unpacked`,
    );
  }
}

/** A batch whose packed bytes are damaged, or were not made with the codec that the batch names. */
export class UnreadableBatchError extends Error {
  override readonly name = 'UnreadableBatchError';

  constructor(codec: number, packed: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`a batch of ${packed} bytes can't be unpacked with ${CODEC_NAMES[codec] ?? codec}: ${reason}`, {
      cause,
    });
  }
}

/**
 * Unpacks the records of a batch. The libraries are loaded when a topic first needs them.
 * @param maxBytes that it may unpack to; checked before anything is unpacked
 * @throws BatchTooLargeError, UnreadableBatchError, and Error for a codec that Kafka did not have when this was written
 */
export async function decompress(codec: number, bytes: Buffer, maxBytes = MAX_BATCH_BYTES): Promise<Buffer> {
  if (codec === 0) return bytes;
  const unpacker = await unpackerOf(codec, maxBytes);
  const size = unpacker.sizeOf(bytes);
  if (size === Infinity)
    throw new UnreadableBatchError(codec, bytes.length, new Error('its size is not readable'));
  if (size > maxBytes) throw new BatchTooLargeError(codec, bytes.length, maxBytes);
  try {
    return await unpacker.unpack(bytes);
  } catch (error) {
    throw error instanceof RangeError && codec === GZIP
      ? new BatchTooLargeError(codec, bytes.length, maxBytes)
      : new UnreadableBatchError(codec, bytes.length, error);
  }
}

interface Unpacker {
  /** Uncompressed size, or an upper bound of it; Infinity where the bytes are none of this codec's. */
  sizeOf(bytes: Buffer): number;
  unpack(bytes: Buffer): Promise<Buffer>;
}

const GZIP = 1;

/** A library that can't be loaded is no fault of the bytes, so that error passes as it is. */
async function unpackerOf(codec: number, maxBytes: number): Promise<Unpacker> {
  switch (codec) {
    case GZIP:
      // It stops by itself at the limit.
      return { sizeOf: () => 0, unpack: (bytes) => gunzipAsync(bytes, { maxOutputLength: maxBytes }) };
    case 2: {
      const { default: createSnappy } = await import('kafkajs-snappy');
      return { sizeOf: snappyUnpackedSize, unpack: (bytes) => createSnappy().decompress(bytes) };
    }
    case 3: {
      const { decompressFrame } = await import('lz4-napi');
      return { sizeOf: lz4UnpackedSize, unpack: decompressFrame };
    }
    case 4: {
      const { decompress: unzstd } = await import('@mongodb-js/zstd');
      return { sizeOf: zstdMaxUnpackedSize, unpack: unzstd };
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
