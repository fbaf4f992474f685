import type { Role } from '@/lib/domain/operators/permissions';
import type { Pool } from 'pg';
import { prismaOf } from '../sql/prisma';
import { inTransaction, type Queryable } from '@/lib/postgres';

export interface Operator {
  id: number;
  name: string;
  role: Role;
  passwordHash: string;
}

/** An operator who may sign in. @param folded the name as `foldName` makes it */
export async function findOperator(store: Queryable, folded: string): Promise<Operator | null> {
  const { rows } = await store.query<{ id: number; name: string; role: Role; password_hash: string }>({
    name: 'find-operator',
    text: 'SELECT id, name, role, password_hash FROM operator WHERE folded = $1 AND disabled_at IS NULL',
    values: [folded],
  });
  const [row] = rows;
  return row ? { id: row.id, name: row.name, role: row.role, passwordHash: row.password_hash } : null;
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

/**
 * Makes an operator, or gives the one of that name a new password, which ends what was begun with the old one.
 * @param folded the name as `foldName` makes it
 */
export async function putOperator(
  store: Queryable,
  operator: { name: string; folded: string; passwordHash: string; role: Role },
): Promise<void> {
  const { name, folded, passwordHash, role } = operator;
  await store.query({
    name: 'end-sessions-of',
    text: 'DELETE FROM session s USING operator o WHERE o.id = s.operator_id AND o.folded = $1',
    values: [folded],
  });
  await store.query({
    name: 'put-operator',
    text: `INSERT INTO operator (name, folded, password_hash, role) VALUES ($1, $2, $3, $4)
     ON CONFLICT (folded) DO UPDATE SET password_hash = excluded.password_hash, disabled_at = NULL`,
    values: [name, folded, passwordHash, role],
  });
}

/**
 * Writes the folded names of operators that have none, as those of before release 0.2. Where several are one name, the
 * oldest stays, with the password that was given last; the others can't sign in any more.
 * @param fold see `foldName`
 */
export async function foldOperatorNames(pool: Pool, fold: (name: string) => string): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtextextended('courier fold operators', 0))");
    const { rows } = await client.query<{ id: number; name: string; password_hash: string }>(
      'SELECT id, name, password_hash FROM operator WHERE folded IS NULL AND disabled_at IS NULL ORDER BY id',
    );
    for (const row of rows) {
      const folded = fold(row.name);
      const { rowCount } = await client.query(
        'UPDATE operator SET password_hash = $2 WHERE folded = $1 AND disabled_at IS NULL',
        [folded, row.password_hash],
      );
      if (rowCount === 0)
        await client.query('UPDATE operator SET folded = $2 WHERE id = $1', [row.id, folded]);
      else {
        await client.query('DELETE FROM session WHERE operator_id = $1', [row.id]);
        await client.query('UPDATE operator SET disabled_at = now() WHERE id = $1', [row.id]);
      }
    }
  });
}
