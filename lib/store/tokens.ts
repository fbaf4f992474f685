import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type { Queryable } from '@/lib/postgres';
import { prismaOf } from './prisma';

const newToken = () => `courier_${randomBytes(32).toString('base64url')}`;
const hashOf = (token: string) => new Uint8Array(createHash('sha256').update(token).digest());

/** The name of a valid token of a scope, or null. */
export async function findToken(pool: Pool, token: string, scope: string): Promise<string | null> {
  const found = await prismaOf(pool).token.findFirst({
    where: { tokenHash: hashOf(token), scope, revokedAt: null },
    select: { name: true },
  });
  return found?.name ?? null;
}

export interface TokenRow {
  name: string;
  scope: string;
  createdAt: Date;
  revokedAt: Date | null;
}

/** Tokens by name; never their values, which are not stored. */
export function listTokens(pool: Pool): Promise<TokenRow[]> {
  return prismaOf(pool).token.findMany({
    select: { name: true, scope: true, createdAt: true, revokedAt: true },
    orderBy: { name: 'asc' },
  });
}

/**
 * Makes a token, or a new one in place of that name's old one, in the transaction that also writes the audit entry. Only
 * its hash is stored. @returns the token, once
 */
export async function insertToken(tx: Queryable, name: string, scope: string): Promise<string> {
  const token = newToken();
  await tx.query({
    name: 'insert-token',
    text: `INSERT INTO token (name, token_hash, scope) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET token_hash = excluded.token_hash, scope = excluded.scope, created_at = now(), revoked_at = NULL`,
    values: [name, Buffer.from(hashOf(token)), scope],
  });
  return token;
}

/** Ends a token. @returns whether there was one that had not ended */
export async function revokeToken(tx: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'revoke-token',
    text: 'UPDATE token SET revoked_at = now() WHERE name = $1 AND revoked_at IS NULL',
    values: [name],
  });
  return rowCount === 1;
}
