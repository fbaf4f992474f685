import type { Queryable } from '@/lib/postgres';

/** The id of this installation, and the key that signs the cookies of known devices. */
export interface Installation {
  id: string;
  secret: Buffer;
}

/** Reads the row that the migration made. */
export async function readInstallation(store: Queryable): Promise<Installation> {
  const { rows } = await store.query<Installation>('SELECT id, secret FROM installation');
  const [row] = rows;
  if (!row)
    throw new Error(
      'the table installation has no row; restore it with INSERT INTO installation DEFAULT VALUES',
    );
  return row;
}
