import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '@/lib/domain/operators/permissions';
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

/** Minimum interval between two updates of a session, so that most requests only read. */
const MAX_SEEN_STEP = '1 minute';

/**
 * The operator of a session that has not ended.
 * @param isActive whether a person does something: that keeps the session; what a page asks by itself does not
 */
export async function findSession(
  store: Queryable,
  token: string,
  idleMinutes: number,
  isActive: boolean,
): Promise<{ id: number; name: string; role: Role } | null> {
  const { rows } = await store.query<{ id: number; name: string; role: Role }>({
    name: 'find-session',
    text: `WITH seen AS (
             UPDATE session SET seen_at = now()
             WHERE $3 AND token_hash = $1 AND expires_at > now() AND seen_at > now() - make_interval(mins => $2)
               AND seen_at < now() - least(interval '${MAX_SEEN_STEP}', make_interval(secs => $2 * 60 / 10.0)))
           SELECT o.id, o.name, o.role FROM session s JOIN operator o ON o.id = s.operator_id
           WHERE s.token_hash = $1 AND o.disabled_at IS NULL
             AND s.expires_at > now() AND s.seen_at > now() - make_interval(mins => $2)`,
    values: [hashOf(token), idleMinutes, isActive],
  });
  return rows[0] ?? null;
}

/** When a session ends if its person does nothing, and when in any case; null where it has ended. */
export async function readSessionEnds(
  store: Queryable,
  token: string,
  idleMinutes: number,
): Promise<{ idleEndsAt: Date; expiresAt: Date } | null> {
  const { rows } = await store.query<{ idle_ends_at: Date; expires_at: Date }>({
    name: 'read-session-ends',
    text: `SELECT seen_at + make_interval(mins => $2) AS idle_ends_at, expires_at FROM session
     WHERE token_hash = $1 AND expires_at > now() AND seen_at > now() - make_interval(mins => $2)`,
    values: [hashOf(token), idleMinutes],
  });
  const [row] = rows;
  return row ? { idleEndsAt: row.idle_ends_at, expiresAt: row.expires_at } : null;
}

/** Ends a session. */
export async function endSession(store: Queryable, token: string): Promise<void> {
  await store.query({
    name: 'end-session',
    text: 'DELETE FROM session WHERE token_hash = $1',
    values: [hashOf(token)],
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
