/** Size of a frame that is cut off or that this reader does not understand. */
const UNKNOWN = Infinity;

/**
 * Uncompressed size of a snappy block, from its preamble: 32 bits as a varint. The frame of the Java client holds a
 * sequence of blocks, each preceded by its length.
 * @returns bytes; Infinity if unknown
 */
export function snappyUnpackedSize(bytes: Buffer): number {
  if (!bytes.subarray(0, 8).equals(XERIAL_HEADER)) return varint(bytes, 0);
  let size = 0;
  for (let at = 16; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    size += varint(bytes, at + 4);
    at += 4 + length;
  }
  return size;
}

const XERIAL_HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);

function varint(bytes: Buffer, from: number): number {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[from + index];
    if (byte === undefined) return UNKNOWN;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return value;
  }
  return UNKNOWN;
}

/**
 * What an LZ4 frame unpacks to, found by reading the lengths of its sequences without unpacking anything (LZ4 frame and
 * block format descriptions of lz4.org).
 * @returns bytes; Infinity if unknown
 */
export function lz4UnpackedSize(bytes: Buffer): number {
  if (bytes.length < 7 || bytes.readUInt32LE(0) !== 0x184d2204) return UNKNOWN;
  const flags = bytes[4] ?? 0;
  const hasBlockChecksum = (flags & 0x10) !== 0;
  let at = 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  let size = 0;
  for (;;) {
    if (at + 4 > bytes.length) return UNKNOWN;
    const header = bytes.readUInt32LE(at);
    at += 4;
    if (header === 0) return size;
    const length = header & 0x7fffffff;
    if (at + length > bytes.length) return UNKNOWN;
    size += header >= 0x80000000 ? length : lz4BlockSize(bytes.subarray(at, at + length));
    at += length + (hasBlockChecksum ? 4 : 0);
  }
}

function lz4BlockSize(block: Buffer): number {
  let size = 0;
  let at = 0;
  const extended = (start: number): number => {
    let length = start;
    if (start !== 15) return length;
    for (let byte = 255; byte === 255; at += 1) {
      byte = block[at] ?? 0;
      length += byte;
    }
    return length;
  };
  while (at < block.length) {
    const token = block[at] ?? 0;
    at += 1;
    const literals = extended(token >> 4);
    at += literals;
    size += literals;
    // The last sequence has literals alone.
    if (at >= block.length) break;
    at += 2;
    size += extended(token & 15) + 4;
  }
  return size;
}

const MAX_ZSTD_BLOCK = 131_072;

/**
 * Upper bound of the unpacked size of zstd frames: the exact size of raw and repeated-byte blocks, and 128 KiB for each
 * compressed block, which is the size of a full one (RFC 8878, section 3.1.1).
 * @returns bytes; Infinity if unknown
 */
export function zstdMaxUnpackedSize(bytes: Buffer): number {
  let at = 0;
  let size = 0;
  while (at < bytes.length) {
    if (at + 5 > bytes.length) return UNKNOWN;
    const magic = bytes.readUInt32LE(at);
    // Skippable frames hold nothing that is unpacked.
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      if (at + 8 > bytes.length) return UNKNOWN;
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== 0xfd2fb528) return UNKNOWN;
    const descriptor = bytes[at + 4] ?? 0;
    const isSingleSegment = (descriptor & 0x20) !== 0;
    const sizeFlag = descriptor >> 6;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
    const sizeBytes = sizeFlag === 0 ? (isSingleSegment ? 1 : 0) : 2 ** sizeFlag;
    at += 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
    for (let isLast = false; !isLast;) {
      if (at + 3 > bytes.length) return UNKNOWN;
      const header = bytes.readUIntLE(at, 3);
      isLast = (header & 1) === 1;
      const type = (header >> 1) & 3;
      const length = header >> 3;
      // Raw, repeated byte, compressed.
      if (type === 3) return UNKNOWN;
      size += type === 2 ? MAX_ZSTD_BLOCK : length;
      at += 3 + (type === 1 ? 1 : length);
    }
    if ((descriptor & 0x04) !== 0) at += 4;
  }
  return size;
}
