import { describe, expect, it } from 'vitest';
import { storeErrorOf } from './store-errors';

/** An error as pg throws it. */
const refusal = (code: string, message: string) =>
  Object.assign(new Error(message), { code, severity: 'FATAL' });

describe('what an error of the tracking store means', () => {
  it.each([
    ['ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5432', 'store_unreachable'],
    ['57P01', 'terminating connection due to administrator command', 'store_unreachable'],
    ['57P03', 'the database system is starting up', 'store_unreachable'],
    ['28P01', 'password authentication failed for user "courier"', 'store_unreachable'],
    ['28000', 'no pg_hba.conf entry for host "10.0.0.1"', 'store_unreachable'],
    ['3D000', 'database "courier" does not exist', 'store_unreachable'],
    ['55000', 'database "courier" is not currently accepting connections', 'store_unreachable'],
    ['53300', 'sorry, too many clients already', 'store_busy'],
    ['53100', 'could not extend file', 'store_full'],
    ['XX000', 'could not write to file "pg_wal/x": No space left on device', 'store_full'],
    ['25006', 'cannot execute INSERT in a read-only transaction', 'store_read_only'],
    ['22P05', 'unsupported Unicode escape sequence', 'invalid_input'],
    ['23505', 'duplicate key value', 'conflict'],
  ])('%s %s: %s', (code, message, expected) => {
    expect(storeErrorOf(refusal(code, message))?.code).toBe(expected);
    // Prisma and the embedded broker wrap it.
    expect(storeErrorOf(new Error('wrapped', { cause: refusal(code, message) }))?.code).toBe(expected);
  });

  it('is none of its own where the state is of no such kind', () => {
    expect(storeErrorOf(refusal('55000', 'currval of sequence is not yet defined'))).toBeNull();
    expect(storeErrorOf(refusal('42P01', 'relation "x" does not exist'))).toBeNull();
    expect(storeErrorOf(new Error('anything else'))).toBeNull();
  });

  it('never repeats who signs in', () => {
    const text = storeErrorOf(refusal('28P01', 'password authentication failed for user "courier"'))?.message;
    expect(text).not.toContain('"courier"');
  });
});
