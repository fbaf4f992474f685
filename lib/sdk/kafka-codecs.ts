import kafkajs from 'kafkajs';
import { BatchTooLargeError, decompress, UnreadableBatchError } from '../kafka-client/codecs';
import type { ReceivedRecord } from './transport';

/** Header of every record that replaces a batch that was not unpacked; its value is the reason. */
const PASSED_OVER_HEADER = 'courier-sdk-passed-over';

/** Maximum memory of the records that replace a batch. */
const MAX_STAND_IN_BYTES = 32 * 1024 * 1024;
const GZIP = 1;
const ZSTD = 4;
/** Bytes from a batch's last offset delta to its records. */
const LAST_DELTA_BEFORE = 38;

/**
 * Makes kafkajs read all codecs of Kafka, and none of them beyond a size. In place of a batch that is too large or damaged
 * come as many empty records with the reason, since a consumer that fails at it would get no further.
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
          if (error instanceof BatchTooLargeError || error instanceof UnreadableBatchError)
            return standInFor(bytes, error);
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
export function reasonOfStandIn(record: ReceivedRecord): { type: string; message: string } | null {
  const text = standInText(record);
  if (!text) return null;
  const end = text.indexOf(': ');
  return { type: text.slice(0, end), message: text.slice(end + 2) };
}

/** Whether a record only makes up the number of those that replace a batch, and has no place of its own. */
export function isFiller(record: ReceivedRecord): boolean {
  return standInText(record) === '';
}

function standInText(record: ReceivedRecord): string | null {
  const [header] = record.headers;
  const isStandIn = record.key === null && record.value === null && record.headers.length === 1;
  return isStandIn && header?.[0] === PASSED_OVER_HEADER ? (header[1]?.toString() ?? '') : null;
}

/**
 * Builds as many records as a batch has, since kafkajs expects that number. Compaction removes records from within a
 * batch; then only the last offset is certain, so the last record represents all of them.
 */
function standInFor(packed: Buffer, error: Error): Buffer {
  const { count, lastDelta } = headOf(packed);
  const hasAllOffsets = lastDelta === count - 1;
  const reason = `${error.name}: ${error.message}`;
  const last = hasAllOffsets
    ? reason
    : `${reason}; the batch has ${count} records, of which this is the last`;
  const records: Buffer[] = [];
  let size = 0;
  for (let index = 0; index < count; index += 1) {
    const isLast = index === count - 1;
    const record = standIn(isLast ? lastDelta : index, isLast ? last : hasAllOffsets ? reason : '');
    records.push(record);
    size += record.length;
    if (size > MAX_STAND_IN_BYTES) throw error;
  }
  return Buffer.concat(records);
}

/** The fields of a batch's head that precede its compressed records (KIP-98, record batch). */
function headOf(packed: Buffer): { count: number; lastDelta: number } {
  if (packed.byteOffset < LAST_DELTA_BEFORE) return { count: 0, lastDelta: -1 };
  const head = new DataView(packed.buffer, packed.byteOffset - LAST_DELTA_BEFORE, LAST_DELTA_BEFORE);
  return { count: head.getInt32(LAST_DELTA_BEFORE - 4), lastDelta: head.getInt32(0) };
}

/** A record without key and value, with the one header. */
function standIn(offsetDelta: number, text: string): Buffer {
  const name = Buffer.from(PASSED_OVER_HEADER);
  const value = Buffer.from(text);
  const header = [varint(name.length), name, varint(value.length), value];
  // Attributes, time delta, offset delta, no key, no value, one header.
  const body = Buffer.concat([
    Buffer.from([0, 0]),
    varint(offsetDelta),
    varint(-1),
    varint(-1),
    varint(1),
    ...header,
  ]);
  return Buffer.concat([varint(body.length), body]);
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
