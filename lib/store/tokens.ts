import { createHash, randomBytes } from 'node:crypto';
import type { Queryable } from '@/lib/postgres';

const hashOf = (token: string) => createHash('sha256').update(token).digest();

/** Makes a token, or a new one in place of that name's old one. Only its hash is stored. @returns the token, once */
export async function createToken(store: Queryable, name: string, scope: string): Promise<string> {
  const token = `courier_${randomBytes(32).toString('base64url')}`;
  await store.query(
    `INSERT INTO token (name, token_hash, scope) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET token_hash = excluded.token_hash, scope = excluded.scope, created_at = now(), revoked_at = NULL`,
    [name, hashOf(token), scope],
  );
  return token;
}

/** The name of a valid token of a scope, or null. */
export async function findToken(store: Queryable, token: string, scope: string): Promise<string | null> {
  const { rows } = await store.query<{ name: string }>(
    'SELECT name FROM token WHERE token_hash = $1 AND scope = $2 AND revoked_at IS NULL',
    [hashOf(token), scope],
  );
  return rows[0]?.name ?? null;
}
