import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { QueryResultRow } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { PoolClient } from '@/lib/postgres';
import type { Column } from './rows';

const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from('ffff', 'hex');
/** PostgreSQL counts its times from 2000. */
const EPOCH_2000_MS = 946_684_800_000;
/** Characters of a text that is short. */
const SHORT = 48;
const HYPHEN = 45;
/** Whole numbers of so many digits are exact. */
const SAFE_DIGITS = 15;
/** Values of hexadecimal digits by their character codes. */
const DIGIT = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 0 : digit;
});

/** Bytes that are handed on together: few enough that PostgreSQL takes them in while the next are being written. */
const CHUNK_BYTES = 1 << 16;

/** Encodes rows in PostgreSQL's binary COPY format, piece by piece. A column's type decides how its values are written. */
export function* encodeRows<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Generator<Buffer> {
  const writers = columns.map((column) => WRITERS[column.type] ?? unknownType(column));
  let target = new Growing();
  target.bytes(HEADER);
  for (const row of rows) {
    target.int16(columns.length);
    for (let at = 0; at < columns.length; at += 1) {
      const value = columns[at]?.of(row);
      if (value === null || value === undefined) target.int32(-1);
      else writers[at]?.(target, value);
    }
    if (target.length < CHUNK_BYTES) continue;
    yield target.done();
    target = new Growing();
  }
  target.bytes(TRAILER);
  yield target.done();
}

/** What the database has still to do of something that was sent to it. */
export interface Sent<T = void> {
  /** Settles when it is done. A caller may work meanwhile, but has to wait for it before it ends. */
  done: Promise<T>;
}

/**
 * Sends rows for a binary COPY into a table. Queries that follow wait for it in the connection.
 * @returns once all is sent; `done` fails with the database's own error, a repeated key is code 23505
 */
export async function sendRows<Row>(
  client: PoolClient,
  table: string,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): Promise<Sent> {
  const names = columns.map((column) => column.name).join(', ');
  const stream = client.query(copyFrom(`COPY ${table} (${names}) FROM STDIN (FORMAT binary)`));
  const done = finished(stream);
  // It is the caller's to handle, who may not have come to it yet.
  done.catch(() => undefined);
  try {
    for (const chunk of encodeRows(columns, rows))
      if (!stream.write(chunk)) await Promise.race([once(stream, 'drain'), done]);
    stream.end();
  } catch (error) {
    // A value that cannot be encoded leaves the COPY without an end.
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    await done;
  }
  return { done };
}

/** Writes rows into a table by binary COPY. @throws the database's own error; a repeated key is code 23505 */
export async function copyRows<Row>(
  client: PoolClient,
  table: string,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
): Promise<void> {
  await (
    await sendRows(client, table, columns, rows)
  ).done;
}

/** Works while the database does what was sent before. Of two errors the first is thrown: it made the other. */
export async function meanwhile<T>(sent: Sent<unknown>, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await sent.done;
    return result;
  } catch (error) {
    await sent.done;
    throw error;
  }
}

/**
 * Writes rows into a table where some may be there already, by way of a temporary table: a binary COPY is a fraction of
 * what arrays of text cost on both sides.
 * @param onConflict what becomes of a row that is there, and what is answered: `DO NOTHING RETURNING id`
 */
export async function mergeRows<Row, Answer extends QueryResultRow>(
  client: PoolClient,
  table: string,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
  { key, onConflict }: { key: string; onConflict: string },
): Promise<Answer[]> {
  const names = columns.map((column) => column.name).join(', ');
  await client.query(
    `CREATE TEMP TABLE IF NOT EXISTS ${table}_batch ON COMMIT DELETE ROWS AS SELECT ${names} FROM ${table} WITH NO DATA`,
  );
  // It may have been used before in this transaction. TRUNCATE would give it a new file each time.
  await client.query(`DELETE FROM ${table}_batch`);
  await copyRows(client, `${table}_batch`, columns, rows);
  const { rows: answer } = await client.query<Answer>({
    name: `merge-${table}`,
    text: `INSERT INTO ${table} (${names}) SELECT ${names} FROM ${table}_batch ON CONFLICT (${key}) ${onConflict}`,
  });
  return answer;
}

/** Whether an error is a key that is there already. */
export function isRepeatedKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505';
}

/** Bytes that are written one after the other into one buffer: a batch has hundreds of thousands of fields. */
class Growing {
  private buffer = Buffer.allocUnsafe(CHUNK_BYTES * 2);
  private at = 0;

  get length(): number {
    return this.at;
  }

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

  /** A whole number of less than 2^53 as eight bytes, without a bigint for each. */
  safeInt64(value: number): void {
    this.int32(Math.floor(value / 4_294_967_296));
    this.int32(value | 0);
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
    const length = this.shortAscii(value) ?? this.buffer.write(value, this.at + 4, 'utf8');
    this.buffer.writeInt32BE(length, this.at);
    this.at += 4 + length;
  }

  /** Most texts are names: those are written here quicker than a call into the runtime takes. */
  private shortAscii(value: string): number | undefined {
    if (value.length > SHORT) return undefined;
    for (let from = 0, to = this.at + 4; from < value.length; from += 1, to += 1) {
      const code = value.charCodeAt(from);
      if (code > 127) return undefined;
      this.buffer[to] = code;
    }
    return value.length;
  }

  /** The sixteen bytes of a UUID in its text form. */
  uuid(value: string): void {
    this.room(16);
    for (let from = 0; from < 36; from += 2) {
      if (value.charCodeAt(from) === HYPHEN) from += 1;
      const byte = ((DIGIT[value.charCodeAt(from)] ?? 0) << 4) | (DIGIT[value.charCodeAt(from + 1)] ?? 0);
      this.buffer[this.at] = byte;
      this.at += 1;
    }
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
    target.uuid(value as string);
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
    if (typeof value === 'number') target.safeInt64(value);
    else if (typeof value === 'string' && value.length <= SAFE_DIGITS) target.safeInt64(Number(value));
    else target.int64(BigInt(value as bigint | string));
  },
  timestamptz(target, value) {
    target.int32(8);
    const ms = typeof value === 'string' ? millisecondsOf(value) : (value as Date).getTime();
    target.safeInt64((ms - EPOCH_2000_MS) * 1000);
  },
};
const TRUE = Buffer.from([1]);
const FALSE = Buffer.from([0]);

/** Times of a row are often one time, and those of a batch of one day. */
let lastTime = { text: '', ms: 0 };
let lastDay = { text: '', ms: 0 };

/** `2026-11-30T14:05:09.123Z`, as all but a few times are written. */
const TIME_LENGTH = 24;
const CODE_0 = 48;

/** Milliseconds since 1970 of a time in ISO 8601. */
function millisecondsOf(text: string): number {
  if (text === lastTime.text) return lastTime.ms;
  const ms = text.length === TIME_LENGTH && text.endsWith('Z') ? ofOneDay(text) : Date.parse(text);
  lastTime = { text, ms };
  return ms;
}

function ofOneDay(text: string): number {
  const day = text.slice(0, 10);
  if (day !== lastDay.text) lastDay = { text: day, ms: Date.parse(`${day}T00:00:00.000Z`) };
  const two = (at: number) => (text.charCodeAt(at) - CODE_0) * 10 + text.charCodeAt(at + 1) - CODE_0;
  const millis = (text.charCodeAt(20) - CODE_0) * 100 + two(21);
  return lastDay.ms + ((two(11) * 60 + two(14)) * 60 + two(17)) * 1_000 + millis;
}

function unknownType(column: { name: string; type: string }): never {
  throw new TypeError(`the column ${column.name} has the type ${column.type}, which is not written here`);
}
