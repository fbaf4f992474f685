import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { prismaOf } from './prisma';

const hashOf = (token: string) => new Uint8Array(createHash('sha256').update(token).digest());

/** Makes a token, or a new one in place of that name's old one. Only its hash is stored. @returns the token, once */
export async function createToken(pool: Pool, name: string, scope: string): Promise<string> {
  const token = `courier_${randomBytes(32).toString('base64url')}`;
  const values = { tokenHash: hashOf(token), scope, createdAt: new Date(), revokedAt: null };
  await prismaOf(pool).token.upsert({ where: { name }, create: { name, ...values }, update: values });
  return token;
}

/** The name of a valid token of a scope, or null. */
export async function findToken(pool: Pool, token: string, scope: string): Promise<string | null> {
  const found = await prismaOf(pool).token.findFirst({
    where: { tokenHash: hashOf(token), scope, revokedAt: null },
    select: { name: true },
  });
  return found?.name ?? null;
}
