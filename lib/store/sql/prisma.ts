import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from 'pg';
import { PrismaClient } from '../generated/client';

const clients = new WeakMap<Pool, PrismaClient>();

/**
 * The typed client over a pool, for settings nouns: tokens, operators, clusters. Hot paths and what belongs to an audited
 * transaction use the pool itself, since Prisma and pg cannot share a transaction.
 */
export function prismaOf(pool: Pool): PrismaClient {
  const known = clients.get(pool);
  if (known) return known;
  const made = new PrismaClient({ adapter: new PrismaPg(pool) });
  clients.set(pool, made);
  return made;
}
