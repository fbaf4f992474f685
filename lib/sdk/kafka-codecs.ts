import kafkajs from 'kafkajs';
import { BatchTooLargeError, decompress } from '../kafka-client/codecs';
import type { ReceivedRecord } from './transport';

/** Header of every record that replaces a batch that was not unpacked; its value is the reason. */
const PASSED_OVER_HEADER = 'courier-sdk-passed-over';

/** Maximum memory of the records that replace a batch. */
const MAX_STAND_IN_BYTES = 32 * 1024 * 1024;
const GZIP = 1;
const ZSTD = 4;

/**
 * Makes kafkajs read all codecs of Kafka, and none of them beyond a size. In place of a batch that is too large come as
 * many empty records that say so, since a consumer that fails at it would stand there for good.
 * @param maxBytes that a batch may unpack to
 */
export function installCodecs(maxBytes: number): void {
  const codecs = kafkajs.CompressionCodecs as unknown as Record<number, () => Codec>;
  for (let number = GZIP; number <= ZSTD; number += 1) {
    const before = codecs[number];
    codecs[number] = () => ({
      // Courier's SDK sends uncompressed records; other users of this kafkajs keep the codec that they registered.
      compress: (encoder) => {
        if (!before) throw new Error(`nothing is registered to compress with codec ${number}`);
        return before().compress(encoder);
      },
      decompress: (bytes) =>
        decompress(number, bytes, maxBytes).catch((error: unknown) => {
          if (error instanceof BatchTooLargeError) return standInFor(bytes, error);
          throw error;
        }),
    });
  }
}

interface Codec {
  compress(encoder: unknown): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

/** Why a batch was not unpacked, for a record that replaces it; null for other records. */
export function reasonOfStandIn(record: ReceivedRecord): string | null {
  const [header] = record.headers;
  const isStandIn = record.key === null && record.value === null && record.headers.length === 1;
  return isStandIn && header?.[0] === PASSED_OVER_HEADER ? (header[1]?.toString() ?? '') : null;
}

/** The number of records of a batch, which precedes its compressed records (KIP-98, record batch). */
function standInFor(packed: Buffer, error: BatchTooLargeError): Buffer {
  const count = packed.byteOffset < 4 ? 0 : new DataView(packed.buffer, packed.byteOffset - 4, 4).getInt32(0);
  const name = Buffer.from(PASSED_OVER_HEADER);
  const value = Buffer.from(error.message);
  const header = Buffer.concat([varint(name.length), name, varint(value.length), value]);
  const records: Buffer[] = [];
  let size = 0;
  for (let index = 0; index < count; index += 1) {
    // Attributes, time delta, offset delta, no key, no value, one header.
    const body = Buffer.concat([
      Buffer.from([0, 0]),
      varint(index),
      varint(-1),
      varint(-1),
      varint(1),
      header,
    ]);
    records.push(varint(body.length), body);
    size += body.length;
    if (size > MAX_STAND_IN_BYTES) throw error;
  }
  return Buffer.concat(records);
}

/** A zigzag varint, as Kafka writes the fields of a record. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value < 0 ? -value * 2 - 1 : value * 2;
  do {
    const more = rest > 0x7f ? 0x80 : 0;
    bytes.push((rest % 0x80) | more);
    rest = Math.floor(rest / 0x80);
  } while (rest > 0);
  return Buffer.from(bytes);
}
