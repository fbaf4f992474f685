import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '@/lib/domain/permissions';
import type { Queryable } from '@/lib/postgres';

const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** Begins a session. Only the hash of its token is stored. @returns the token */
export async function beginSession(store: Queryable, operatorId: number, hours: number): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await store.query({
    name: 'begin-session',
    text: 'INSERT INTO session (token_hash, operator_id, expires_at) VALUES ($1, $2, now() + make_interval(hours => $3))',
    values: [hashOf(token), operatorId, hours],
  });
  return token;
}

/**
 * The operator of a session that has not ended, and marks it as seen. Once a minute is often enough: a look that writes
 * nothing waits for no disk.
 */
export async function findSession(
  store: Queryable,
  token: string,
  idleMinutes: number,
): Promise<{ id: number; name: string; role: Role } | null> {
  const { rows } = await store.query<{ id: number; name: string; role: Role }>({
    name: 'find-session',
    text: `WITH seen AS (
             UPDATE session SET seen_at = now()
             WHERE token_hash = $1 AND expires_at > now() AND seen_at > now() - make_interval(mins => $2)
               AND seen_at < now() - interval '1 minute')
           SELECT o.id, o.name, o.role FROM session s JOIN operator o ON o.id = s.operator_id
           WHERE s.token_hash = $1 AND o.disabled_at IS NULL
             AND s.expires_at > now() AND s.seen_at > now() - make_interval(mins => $2)`,
    values: [hashOf(token), idleMinutes],
  });
  return rows[0] ?? null;
}

/** Ends a session. */
export async function endSession(store: Queryable, token: string): Promise<void> {
  await store.query({
    name: 'end-session',
    text: 'DELETE FROM session WHERE token_hash = $1',
    values: [hashOf(token)],
  });
}

/** Counts failed sign-ins of the last quarter of an hour, by account and by address. */
export async function countAttempts(
  store: Queryable,
  account: string,
  address: string,
): Promise<{ account: number; address: number }> {
  const { rows } = await store.query<{ account: number; address: number }>({
    name: 'count-attempts',
    text: `SELECT count(*) FILTER (WHERE account = $1)::int AS account, count(*) FILTER (WHERE address = $2)::int AS address
     FROM sign_in_attempt WHERE at > now() - interval '15 minutes' AND (account = $1 OR address = $2)`,
    values: [account, address],
  });
  return rows[0] ?? { account: 0, address: 0 };
}

/** Writes that somebody tries to sign in; taken back when it succeeds. @returns the attempt's number */
export async function recordAttempt(store: Queryable, account: string, address: string): Promise<string> {
  const { rows } = await store.query<{ id: string }>({
    name: 'record-attempt',
    text: 'INSERT INTO sign_in_attempt (account, address) VALUES ($1, $2) RETURNING id',
    values: [account, address],
  });
  return rows[0]?.id ?? '0';
}

/** Takes one attempt back: one that was not looked at must not make the wait longer. */
export async function takeBackAttempt(store: Queryable, id: string): Promise<void> {
  await store.query({
    name: 'take-back-attempt',
    text: 'DELETE FROM sign_in_attempt WHERE id = $1',
    values: [id],
  });
}

/** Forgets the attempts of an account, which has signed in. */
export async function forgetAttempts(store: Queryable, account: string): Promise<void> {
  await store.query({
    name: 'forget-attempts',
    text: 'DELETE FROM sign_in_attempt WHERE account = $1',
    values: [account],
  });
}

export interface SessionRow {
  /** Names the session without giving its token or its hash away. */
  id: string;
  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;
}

const SESSION_ID = "substr(encode(sha256(token_hash), 'hex'), 1, 16)";

/** Sessions of an operator that have not ended, the one seen last first. */
export async function listSessions(
  store: Queryable,
  operatorId: number,
  idleMinutes: number,
): Promise<SessionRow[]> {
  const { rows } = await store.query<{ id: string; created_at: Date; seen_at: Date; expires_at: Date }>({
    name: 'list-sessions',
    text: `SELECT ${SESSION_ID} AS id, created_at, seen_at, expires_at FROM session
     WHERE operator_id = $1 AND expires_at > now() AND seen_at > now() - make_interval(mins => $2) ORDER BY seen_at DESC`,
    values: [operatorId, idleMinutes],
  });
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    seenAt: row.seen_at,
    expiresAt: row.expires_at,
  }));
}

/** Ends one session of an operator by its name. @returns whether there was one */
export async function endSessionById(store: Queryable, operatorId: number, id: string): Promise<boolean> {
  const { rowCount } = await store.query({
    name: 'end-session-by-id',
    text: `DELETE FROM session WHERE operator_id = $1 AND ${SESSION_ID} = $2`,
    values: [operatorId, id],
  });
  return rowCount === 1;
}
