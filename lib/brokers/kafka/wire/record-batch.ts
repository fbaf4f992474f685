import type { BrokerRecord, OutgoingRecord, PassedOver, RecordHeader } from '@/lib/brokers/broker';
import { readableTime } from '@/lib/protocol/uuid';
import {
  BatchTooLargeError,
  UnreadableBatchError,
  compress,
  decompress,
  MAX_BATCH_BYTES,
} from '@/lib/kafka-client/codecs';
import { WireReader, WireWriter } from '@/lib/kafka-client/wire/bytes';

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (Castagnoli), which a record batch is checked by. */
export function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * Encodes records of one partition as a record batch, format 2, without producer id. Headers keep their order, repetitions
 * and null values.
 * @param now milliseconds since 1970, the create time of records without one
 * @param codec that the records are compressed with; 0: none
 */
export async function encodeRecordBatch(
  records: Pick<OutgoingRecord, 'key' | 'value' | 'headers' | 'timestamp'>[],
  now: number,
  codec = 0,
): Promise<Buffer> {
  const times = records.map(({ timestamp }) => timestamp ?? now);
  const base = times[0] ?? now;
  const bodies = new WireWriter();
  records.forEach((record, index) => {
    const body = new WireWriter()
      .int8(0)
      .varint((times[index] ?? now) - base)
      .varint(index)
      .varintBytes(record.key)
      .varintBytes(record.value);
    body.varint(record.headers.length);
    for (const [name, value] of record.headers) body.varintBytes(Buffer.from(name)).varintBytes(value);
    const bytes = body.toBuffer();
    bodies.varint(bytes.length).bytes(bytes);
  });
  const tail = new WireWriter()
    .int16(codec)
    .int32(records.length - 1)
    .int64(BigInt(base))
    .int64(BigInt(times.reduce((latest, time) => Math.max(latest, time), base)))
    .int64(-1n)
    .int16(-1)
    .int32(-1)
    .int32(records.length)
    .bytes(await compress(codec, bodies.toBuffer()))
    .toBuffer();
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32c(tail));
  return new WireWriter()
    .int64(0n)
    .int32(tail.length + 9)
    .int32(-1)
    .int8(2)
    .bytes(crc)
    .bytes(tail)
    .toBuffer();
}

/** Bits of a batch's attributes. */
const CODEC = 0x07;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

export interface DecodedBatches {
  records: BrokerRecord[];
  /** The offset behind the last whole batch, control batches included; null where there was no whole batch. */
  next: bigint | null;
  /** Batches that unpack to more than is allowed. */
  passedOver: PassedOver[];
}

/** An aborted transaction: records of its producer from `firstOffset` to its next marker are discarded. */
export interface AbortedTransaction {
  producerId: bigint;
  firstOffset: bigint;
}

/**
 * Decodes what a Fetch answered for one partition; a batch cut off at the end is left for the next fetch.
 * @param aborted as the answer names them: a broker hands out their records with the rest
 * @param maxBatchBytes that a batch may unpack to
 */
export async function decodeRecordBatches(
  topic: string,
  partition: number,
  bytes: Buffer,
  from: bigint,
  aborted: readonly AbortedTransaction[] = [],
  maxBatchBytes = MAX_BATCH_BYTES,
): Promise<DecodedBatches> {
  const begun = aborted.toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const aborting = new Set<bigint>();
  const reader = new WireReader(bytes);
  const records: BrokerRecord[] = [];
  const passedOver: PassedOver[] = [];
  let next: bigint | null = null;
  while (reader.left >= 12) {
    const base = reader.int64();
    const length = reader.int32();
    if (reader.left < length) break;
    const batch = new WireReader(reader.slice(length));
    batch.int32();
    const magic = batch.int8();
    if (magic !== 2)
      throw new Error(
        `record format ${magic} on ${topic}/${partition}; Courier reads format 2 (Kafka 0.11 and newer)`,
      );
    batch.uint32();
    const attributes = batch.int16();
    const lastDelta = batch.int32();
    const baseTime = batch.int64();
    const maxTime = batch.int64();
    const producerId = batch.int64();
    batch.int16();
    batch.int32();
    const count = batch.int32();
    next = base + BigInt(lastDelta) + 1n;
    for (let first = begun[0]; first && first.firstOffset < next; first = begun[0]) {
      aborting.add(first.producerId);
      begun.shift();
    }
    if ((attributes & CONTROL) !== 0) {
      // The marker with which a transaction ends, either way: the producer's next one begins after it.
      aborting.delete(producerId);
      continue;
    }
    if ((attributes & TRANSACTIONAL) !== 0 && aborting.has(producerId)) continue;
    const codec = attributes & CODEC;
    try {
      const packed = batch.left;
      const unpacked = await decompress(codec, batch.slice(packed), maxBatchBytes);
      const body = new WireReader(unpacked);
      const budget: Budget = {
        bytes: maxBatchBytes - unpacked.length,
        tooLarge: () => new BatchTooLargeError(codec, packed, maxBatchBytes),
      };
      const appendTime = (attributes & 8) !== 0 ? maxTime : null;
      const read: BrokerRecord[] = [];
      for (let index = 0; index < count; index += 1) {
        const record = readRecord(body, topic, partition, base, appendTime, baseTime, budget);
        if (record.offset < from) continue;
        if (codec !== 0) record.codec = codec;
        if (appendTime !== null) record.isLogAppendTime = true;
        read.push(record);
      }
      for (const record of read) records.push(record);
    } catch (error) {
      const reason = whyUnreadable(error);
      if (reason === null) throw error;
      passedOver.push({ from: base, to: next, reason });
    }
  }
  return { records, next, passedOver };
}

/** Why a batch's own bytes can't be read; null for an error that has another cause, such as a library that is missing. */
function whyUnreadable(error: unknown): string | null {
  if (error instanceof BatchTooLargeError || error instanceof UnreadableBatchError) return error.message;
  return error instanceof RangeError ? `the records of a batch are damaged: ${error.message}` : null;
}

/** About what a record and a header take as objects beside their bytes: two bytes may be a header of many millions. */
const RECORD_BYTES = 200;
const HEADER_BYTES = 100;

/** What may still be made of a batch. */
interface Budget {
  bytes: number;
  tooLarge(): Error;
}

/** @throws BatchTooLargeError */
function spend(budget: Budget, bytes: number): void {
  budget.bytes -= bytes;
  if (budget.bytes < 0) throw budget.tooLarge();
}

function readRecord(
  body: WireReader,
  topic: string,
  partition: number,
  base: bigint,
  appendTime: bigint | null,
  baseTime: bigint,
  budget: Budget,
): BrokerRecord {
  spend(budget, RECORD_BYTES);
  const record = new WireReader(body.slice(Number(body.varint())));
  record.int8();
  const timestamp = appendTime ?? baseTime + record.varint();
  if (appendTime !== null) record.varint();
  const offset = base + record.varint();
  const key = record.varintBytes();
  const value = record.varintBytes();
  const headers: RecordHeader[] = [];
  for (let left = Number(record.varint()); left > 0; left -= 1) {
    spend(budget, HEADER_BYTES);
    const name = record.varintBytes() ?? Buffer.alloc(0);
    headers.push([name.toString('utf8'), record.varintBytes()]);
  }
  return { topic, partition, offset, timestamp: readableTime(Number(timestamp)), key, value, headers };
}
