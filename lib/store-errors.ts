import { CourierError, type ErrorCode } from './errors';
import { isStoreUnreachable } from './postgres';

/** Conditions of PostgreSQL that pass, or that an operator ends, by SQLSTATE. */
const CONDITIONS: Record<string, { code: ErrorCode; message: string }> = {
  '53100': {
    code: 'store_full',
    message:
      "The disk of the tracking store's PostgreSQL is full. Free some space: Courier goes on by itself.",
  },
  '53300': {
    code: 'store_busy',
    message:
      "The tracking store's PostgreSQL has no connection left. Raise its max_connections or lower COURIER_POOL_SIZE.",
  },
  '25006': {
    code: 'store_read_only',
    message:
      "The tracking store's PostgreSQL is read-only: it is a standby, or default_transaction_read_only is on. Courier needs to write.",
  },
};

/** States with which PostgreSQL refuses a connection: the sign-in (class 28), and a database that is not there. */
const REFUSED_CONNECTION = /^(28...|3D000)$/;

/**
 * Converts an error of the tracking store to one for the caller; null if Courier does not recognize it. It recognizes a
 * store that is away, full, out of connections or read-only, or that refuses a value (SQLSTATE classes 22 and 23).
 */
export function storeErrorOf(thrown: unknown): CourierError | null {
  for (const error of causesOf(thrown)) {
    if (isStoreUnreachable(error)) {
      return new CourierError('store_unreachable', 'The tracking store does not answer.');
    }
    const state = 'code' in error ? String(error.code) : '';
    const condition = CONDITIONS[state];
    if (condition) return new CourierError(condition.code, condition.message);
    if (REFUSED_CONNECTION.test(state) || /not currently accepting connections/.test(error.message)) {
      return new CourierError(
        'store_unreachable',
        `The tracking store's PostgreSQL refuses Courier's connection (SQLSTATE ${state}): look at COURIER_DATABASE_URL, and at PostgreSQL's log.`,
      );
    }
    // A full disk may also end the write-ahead log's write with the system's own words.
    if (/No space left on device/.test(error.message)) {
      const { code, message } = CONDITIONS['53100'] as (typeof CONDITIONS)[string];
      return new CourierError(code, message);
    }
    if (!('severity' in error)) continue;
    if (/^22/.test(state)) {
      return new CourierError('invalid_input', `A value can't be stored: ${error.message}.`);
    }
    if (/^23/.test(state)) {
      return new CourierError('conflict', `This contradicts what is stored: ${error.message}.`);
    }
  }
  return null;
}

/** An error and what caused it: Prisma and the embedded broker wrap PostgreSQL's own. */
function* causesOf(thrown: unknown): Generator<Error> {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth += 1)
    yield error;
}
