/** Writes the primitive types of Kafka's protocol. "Compact" types belong to the flexible versions (KIP-482). */
export class WireWriter {
  private readonly parts: Buffer[] = [];

  int8(value: number): this {
    const bytes = Buffer.alloc(1);
    bytes.writeInt8(value);
    return this.bytes(bytes);
  }

  int16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return this.bytes(bytes);
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.bytes(bytes);
  }

  int64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return this.bytes(bytes);
  }

  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const text = Buffer.from(value);
    return this.int16(text.length).bytes(text);
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    items.forEach(write);
    return this;
  }

  unsignedVarint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    while (rest > 127) {
      bytes.push((rest & 127) | 128);
      rest >>>= 7;
    }
    bytes.push(rest);
    return this.bytes(Buffer.from(bytes));
  }

  /** Zigzag varint, as records use it. */
  varint(value: bigint | number): this {
    const number = BigInt(value);
    let rest = BigInt.asUintN(64, (number << 1n) ^ (number >> 63n));
    const bytes: number[] = [];
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    return this.bytes(Buffer.from(bytes));
  }

  varintBytes(value: Buffer | null): this {
    return value === null ? this.varint(-1) : this.varint(value.length).bytes(value);
  }

  compactString(value: string | null): this {
    if (value === null) return this.unsignedVarint(0);
    const text = Buffer.from(value);
    return this.unsignedVarint(text.length + 1).bytes(text);
  }

  compactArray<T>(items: readonly T[] | null, write: (item: T) => void): this {
    if (items === null) return this.unsignedVarint(0);
    this.unsignedVarint(items.length + 1);
    items.forEach(write);
    return this;
  }

  noTags(): this {
    return this.unsignedVarint(0);
  }

  bytes(value: Buffer): this {
    this.parts.push(value);
    return this;
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** Reads the primitive types of Kafka's protocol; throws RangeError beyond the end. */
export class WireReader {
  private at = 0;

  constructor(private readonly buffer: Buffer) {}

  get left(): number {
    return this.buffer.length - this.at;
  }

  int8(): number {
    return this.buffer.readInt8(this.move(1));
  }

  int16(): number {
    return this.buffer.readInt16BE(this.move(2));
  }

  int32(): number {
    return this.buffer.readInt32BE(this.move(4));
  }

  uint32(): number {
    return this.buffer.readUInt32BE(this.move(4));
  }

  int64(): bigint {
    return this.buffer.readBigInt64BE(this.move(8));
  }

  uuid(): string {
    const hex = this.slice(16).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.slice(length).toString('utf8');
  }

  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(this.int32(), 0) }, read);
  }

  /** Length-prefixed bytes with a 32-bit length; null where the length is negative. */
  bytes32(): Buffer | null {
    const length = this.int32();
    return length < 0 ? null : this.slice(length);
  }

  unsignedVarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.buffer.readUInt8(this.move(1));
      value |= (byte & 127) << shift;
      if ((byte & 128) === 0) return value >>> 0;
    }
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.buffer.readUInt8(this.move(1));
      value |= BigInt(byte & 127) << shift;
      if ((byte & 128) === 0) return (value >> 1n) ^ -(value & 1n);
    }
  }

  varintBytes(): Buffer | null {
    const length = Number(this.varint());
    return length < 0 ? null : this.slice(length);
  }

  compactString(): string | null {
    const length = this.unsignedVarint();
    return length === 0 ? null : this.slice(length - 1).toString('utf8');
  }

  compactBytes(): Buffer | null {
    const length = this.unsignedVarint();
    return length === 0 ? null : this.slice(length - 1);
  }

  compactArray<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(this.unsignedVarint() - 1, 0) }, read);
  }

  skipTags(): void {
    for (let left = this.unsignedVarint(); left > 0; left -= 1) {
      this.unsignedVarint();
      this.slice(this.unsignedVarint());
    }
  }

  slice(length: number): Buffer {
    const from = this.move(length);
    return this.buffer.subarray(from, from + length);
  }

  private move(length: number): number {
    const from = this.at;
    if (from + length > this.buffer.length)
      throw new RangeError(`the answer ends at byte ${this.buffer.length}, ${from + length} needed`);
    this.at += length;
    return from;
  }
}
