import type { Role } from '@/lib/domain/permissions';
import type { Pool } from 'pg';
import { prismaOf } from '@/lib/store/prisma';
import type { Queryable } from '@/lib/postgres';

export interface Operator {
  id: number;
  name: string;
  role: Role;
  passwordHash: string;
}

/** An operator by name who may sign in. */
export async function findOperator(pool: Pool, name: string): Promise<Operator | null> {
  const found = await prismaOf(pool).operator.findFirst({
    where: { name: { equals: name, mode: 'insensitive' }, disabledAt: null },
  });
  return (
    found && { id: found.id, name: found.name, role: found.role as Role, passwordHash: found.passwordHash }
  );
}

/** Whether the operator who asked for something may still do so; what Courier asked itself always may. */
export async function isOperatorActive(store: Queryable, id: number | null): Promise<boolean> {
  if (id === null) return true;
  const { rowCount } = await store.query({
    name: 'is-operator-active',
    text: 'SELECT 1 FROM operator WHERE id = $1 AND disabled_at IS NULL',
    values: [id],
  });
  return rowCount === 1;
}

/** How many operators there are. */
export function countOperators(pool: Pool): Promise<number> {
  return prismaOf(pool).operator.count();
}

/** Makes an operator, or gives one of that name a new password, which ends what was begun with the old one. */
export async function putOperator(
  store: Queryable,
  name: string,
  passwordHash: string,
  role: Role,
): Promise<void> {
  await store.query({
    name: 'end-sessions-of',
    text: 'DELETE FROM session s USING operator o WHERE o.id = s.operator_id AND lower(o.name) = lower($1)',
    values: [name],
  });
  await store.query({
    name: 'put-operator',
    text: `INSERT INTO operator (name, password_hash, role) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, disabled_at = NULL`,
    values: [name, passwordHash, role],
  });
}
