import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from as copyFrom } from 'pg-copy-streams';
import type { PoolClient } from '@/lib/postgres';
import type { Column } from './rows';

const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from('ffff', 'hex');
/** PostgreSQL counts its times from 2000. */
const EPOCH_2000_MS = 946_684_800_000;

/** Rows as PostgreSQL's binary COPY format. The columns' types say how each value is written. */
export function encodeRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Buffer {
  const writers = columns.map((column) => WRITERS[column.type] ?? unknownType(column));
  const target = new Growing();
  target.bytes(HEADER);
  for (const row of rows) {
    target.int16(columns.length);
    for (let at = 0; at < columns.length; at += 1) {
      const value = columns[at]?.of(row);
      if (value === null || value === undefined) target.int32(-1);
      else writers[at]?.(target, value);
    }
  }
  target.bytes(TRAILER);
  return target.done();
}

/** Writes encoded rows into a table. @throws the database's own error; a repeated key is code 23505 */
export async function copyRows<Row>(
  client: PoolClient,
  table: string,
  columns: readonly Column<Row>[],
  bytes: Buffer,
): Promise<void> {
  const names = columns.map((column) => column.name).join(', ');
  await pipeline(
    Readable.from([bytes]),
    client.query(copyFrom(`COPY ${table} (${names}) FROM STDIN (FORMAT binary)`)),
  );
}

/** Whether an error is a key that is there already. */
export function isRepeatedKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

/** Bytes that are written one after the other into one buffer: a batch has hundreds of thousands of fields. */
class Growing {
  private buffer = Buffer.allocUnsafe(1 << 20);
  private at = 0;

  int16(value: number): void {
    this.room(2);
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.room(4);
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  int64(value: bigint): void {
    this.room(8);
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  bytes(value: Uint8Array): void {
    this.room(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  /** Text with its length before it. */
  text(value: string): void {
    // Three bytes a unit of UTF-16 are the most that UTF-8 takes.
    this.room(4 + value.length * 3);
    const length = this.buffer.write(value, this.at + 4, 'utf8');
    this.buffer.writeInt32BE(length, this.at);
    this.at += 4 + length;
  }

  hex(value: string): void {
    this.room(value.length / 2);
    this.at += this.buffer.write(value, this.at, 'hex');
  }

  done(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }
}

/** Each writes the length and the value. */
const WRITERS: Record<string, (target: Growing, value: unknown) => void> = {
  uuid(target, value) {
    target.int32(16);
    target.hex((value as string).replaceAll('-', ''));
  },
  text: (target, value) => target.text(value as string),
  bytea(target, value) {
    target.int32((value as Buffer).length);
    target.bytes(value as Buffer);
  },
  bool(target, value) {
    target.int32(1);
    target.bytes(value ? TRUE : FALSE);
  },
  smallint(target, value) {
    target.int32(2);
    target.int16(value as number);
  },
  int(target, value) {
    target.int32(4);
    target.int32(value as number);
  },
  bigint(target, value) {
    target.int32(8);
    target.int64(BigInt(value as bigint | number | string));
  },
  timestamptz(target, value) {
    target.int32(8);
    target.int64(BigInt((value as Date).getTime() - EPOCH_2000_MS) * 1000n);
  },
};
const TRUE = Buffer.from([1]);
const FALSE = Buffer.from([0]);

function unknownType(column: { name: string; type: string }): never {
  throw new TypeError(`the column ${column.name} has the type ${column.type}, which is not written here`);
}
