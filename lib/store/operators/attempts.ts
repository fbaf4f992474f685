import type { Pool } from 'pg';
import { COUNTED_MS, strangerWaitMs, type EarlierAttempts } from '@/lib/domain/operators/sign-in-limits';
import { inTransaction, type Queryable } from '@/lib/postgres';

/** Wrong attempts of the last hour from an address, whatever name they were at; those of known devices do not count. */
export async function countOfAddress(store: Queryable, address: string): Promise<EarlierAttempts> {
  const { rows } = await store.query<{ count: number; last_at: Date | null }>({
    name: 'count-attempts-of-address',
    text: `SELECT count(*)::int AS count, max(at) AS last_at FROM sign_in_attempt
     WHERE address = $1 AND device IS NULL AND at > now() - interval '1 hour'`,
    values: [address],
  });
  return { count: rows[0]?.count ?? 0, lastAt: rows[0]?.last_at?.getTime() ?? null };
}

/** Wrong attempts of the last hour from a known device. */
export async function countOfDevice(store: Queryable, device: string): Promise<EarlierAttempts> {
  const { rows } = await store.query<{ count: number; last_at: Date | null }>({
    name: 'count-attempts-of-device',
    text: `SELECT count(*)::int AS count, max(at) AS last_at FROM sign_in_attempt
     WHERE device = $1 AND at > now() - interval '1 hour'`,
    values: [device],
  });
  return { count: rows[0]?.count ?? 0, lastAt: rows[0]?.last_at?.getTime() ?? null };
}

/** Writes an attempt from a known device; taken back when it succeeds. @returns the attempt's number */
export async function recordDeviceAttempt(
  store: Queryable,
  account: string,
  address: string,
  device: string,
): Promise<string> {
  return insertAttempt(store, account, address, device);
}

/**
 * Takes one of the guesses that strangers have at a name. Attempts made at the same time, in whichever process, are
 * counted one after another.
 * @returns the attempt's number, or how long to wait until a guess is free
 */
export async function reserveGuess(
  pool: Pool,
  account: string,
  address: string,
  now: Date,
): Promise<{ attempt: string; waitMs: 0 } | { attempt: null; waitMs: number }> {
  return inTransaction(pool, async (client) => {
    await client.query({
      name: 'lock-sign-in-name',
      text: "SELECT pg_advisory_xact_lock(hashtextextended('courier sign-in ' || $1, 0))",
      values: [account],
    });
    const { rows } = await client.query<{ at: Date }>({
      name: 'guesses-of-strangers',
      text: `SELECT at FROM sign_in_attempt WHERE account = $1 AND device IS NULL AND at > $2 ORDER BY at`,
      values: [account, new Date(now.getTime() - COUNTED_MS)],
    });
    const waitMs = strangerWaitMs(
      rows.map((row) => row.at.getTime()),
      now.getTime(),
    );
    if (waitMs > 0) return { attempt: null, waitMs };
    return { attempt: await insertAttempt(client, account, address, null, now), waitMs: 0 };
  });
}

async function insertAttempt(
  store: Queryable,
  account: string,
  address: string,
  device: string | null,
  at = new Date(),
): Promise<string> {
  const { rows } = await store.query<{ id: string }>({
    name: 'record-attempt',
    text: 'INSERT INTO sign_in_attempt (account, address, device, at) VALUES ($1, $2, $3, $4) RETURNING id',
    values: [account, address, device, at],
  });
  return rows[0]?.id ?? '0';
}

/** Deletes an attempt that succeeded or was not checked. */
export async function takeBackAttempt(store: Queryable, id: string): Promise<void> {
  await store.query({
    name: 'take-back-attempt',
    text: 'DELETE FROM sign_in_attempt WHERE id = $1',
    values: [id],
  });
}

/** Forgets the wrong attempts of a known device, on which the operator has signed in. */
export async function forgetAttemptsOfDevice(store: Queryable, device: string): Promise<void> {
  await store.query({
    name: 'forget-attempts-of-device',
    text: 'DELETE FROM sign_in_attempt WHERE device = $1',
    values: [device],
  });
}

/** Forgets all attempts at a name, whose pass phrase was changed. */
export async function forgetAttempts(store: Queryable, account: string): Promise<void> {
  await store.query({
    name: 'forget-attempts',
    text: 'DELETE FROM sign_in_attempt WHERE account = $1',
    values: [account],
  });
}
