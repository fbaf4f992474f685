import type { Queryable } from '@/lib/postgres';

/** A day whose messages are, or were, in the former tables. */
export interface FormerDay {
  /** Suffix of its tables: `_p20261121`, or `_default`. */
  suffix: string;
  /** Messages as the planner estimates them. */
  messages: number;
}

/** Days that have former tables, the newest first. */
export async function listFormerDays(store: Queryable): Promise<FormerDay[]> {
  const { rows } = await store.query<{ suffix: string; messages: number }>(
    `SELECT substr(c.relname, length('former_message') + 1) AS suffix, greatest(c.reltuples, 0)::float8 AS messages
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'former_message'::regclass ORDER BY 1 DESC`,
  );
  return rows;
}
