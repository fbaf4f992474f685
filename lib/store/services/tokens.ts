import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Queryable } from '@/lib/postgres';
import { prismaOf } from '../sql/prisma';

const newToken = () => `courier_${randomBytes(32).toString('base64url')}`;
const hashOf = (token: string) => new Uint8Array(createHash('sha256').update(token).digest());

/** Valid tokens that a service may have at once, so that a new one can replace the old one without a gap. */
export const MAX_VALID_TOKENS = 2;

export interface ServiceOfToken {
  name: string;
  shared: boolean;
  publish: string[] | null;
  read: string[] | null;
}

/** The service that a valid token belongs to, with its rights, or null. */
export async function findServiceOfToken(store: Queryable, token: string): Promise<ServiceOfToken | null> {
  const { rows } = await store.query<ServiceOfToken>({
    name: 'find-service-of-token',
    text: `SELECT t.name, t.shared, s.publish, s.read FROM token t LEFT JOIN service s ON s.name = t.name
     WHERE t.token_hash = $1 AND t.scope = 'service' AND t.revoked_at IS NULL`,
    values: [Buffer.from(hashOf(token))],
  });
  return rows[0] ?? null;
}

export interface TokenRow {
  id: number;
  name: string;
  scope: string;
  shared: boolean;
  createdAt: Date;
  revokedAt: Date | null;
}

/** Tokens by name, the newest of a service first; never their values, which are not stored. */
export function listTokens(pool: Pool): Promise<TokenRow[]> {
  return prismaOf(pool).token.findMany({
    select: { id: true, name: true, scope: true, shared: true, createdAt: true, revokedAt: true },
    orderBy: [{ name: 'asc' }, { createdAt: 'desc' }],
  });
}

/**
 * Makes a token of a service, in the transaction that also writes the audit entry. Only its hash is stored. The newest
 * two of a service stay valid;
 * @returns the token, once
 */
export async function insertToken(tx: Queryable, name: string, scope: string): Promise<string> {
  const token = newToken();
  await tx.query({
    name: 'insert-token',
    text: 'INSERT INTO token (name, token_hash, scope) VALUES ($1, $2, $3)',
    values: [name, Buffer.from(hashOf(token)), scope],
  });
  await tx.query({
    name: 'end-older-tokens',
    text: `UPDATE token SET revoked_at = now() WHERE id IN (
       SELECT id FROM token WHERE name = $1 AND revoked_at IS NULL ORDER BY id DESC OFFSET $2)`,
    values: [name, MAX_VALID_TOKENS],
  });
  return token;
}

/** Ends the tokens of a service, or one of them. @returns how many ended */
export async function revokeTokens(tx: Queryable, name: string, id: number | null): Promise<number> {
  const { rowCount } = await tx.query({
    name: 'revoke-tokens',
    text: 'UPDATE token SET revoked_at = now() WHERE name = $1 AND revoked_at IS NULL AND ($2::int IS NULL OR id = $2)',
    values: [name, id],
  });
  return rowCount ?? 0;
}
