import type { Role } from '@/lib/domain/permissions';
import type { Queryable } from '@/lib/postgres';

export interface Operator {
  id: number;
  name: string;
  role: Role;
  passwordHash: string;
}

/** An operator by name who may sign in. */
export async function findOperator(store: Queryable, name: string): Promise<Operator | null> {
  const { rows } = await store.query<{ id: number; name: string; role: Role; password_hash: string }>(
    'SELECT id, name, role, password_hash FROM operator WHERE lower(name) = lower($1) AND disabled_at IS NULL',
    [name],
  );
  const [row] = rows;
  return row ? { id: row.id, name: row.name, role: row.role, passwordHash: row.password_hash } : null;
}

/** Whether the operator who asked for something may still do so; what Courier asked itself always may. */
export async function isOperatorActive(store: Queryable, id: number | null): Promise<boolean> {
  if (id === null) return true;
  const { rowCount } = await store.query('SELECT 1 FROM operator WHERE id = $1 AND disabled_at IS NULL', [
    id,
  ]);
  return rowCount === 1;
}

/** How many operators there are. */
export async function countOperators(store: Queryable): Promise<number> {
  const { rows } = await store.query<{ count: number }>('SELECT count(*)::int AS count FROM operator');
  return rows[0]?.count ?? 0;
}

/** Makes an operator, or gives one of that name a new password. */
export async function putOperator(
  store: Queryable,
  name: string,
  passwordHash: string,
  role: Role,
): Promise<void> {
  await store.query(
    `INSERT INTO operator (name, password_hash, role) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, disabled_at = NULL`,
    [name, passwordHash, role],
  );
}
