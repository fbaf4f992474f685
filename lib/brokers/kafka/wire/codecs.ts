import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const gunzipAsync = promisify(gunzip);

/** Numbers of Kafka's codecs, as they stand in a batch's attributes. */
const CODEC_NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/**
 * Unpacks the records of a batch. The libraries are loaded when a topic first needs them.
 * @throws Error for a codec that Kafka did not have when this was written
 */
export async function decompress(codec: number, bytes: Buffer): Promise<Buffer> {
  switch (codec) {
    case 0:
      return bytes;
    case 1:
      return gunzipAsync(bytes);
    case 2: {
      const { default: createSnappy } = await import('kafkajs-snappy');
      return createSnappy().decompress(bytes);
    }
    case 3: {
      const { decompressFrame } = await import('lz4-napi');
      return decompressFrame(bytes);
    }
    case 4: {
      const { decompress: unzstd } = await import('@mongodb-js/zstd');
      return unzstd(bytes);
    }
    default:
      throw new Error(`unknown compression ${codec}; Courier reads ${CODEC_NAMES.join(', ')}`);
  }
}
