import type { Queryable } from '@/lib/postgres';

/** Makes a service, or changes its patterns where some are given. */
export async function putService(
  store: Queryable,
  name: string,
  rights: { publish?: string[] | null | undefined; read?: string[] | null | undefined },
): Promise<void> {
  await store.query({
    name: 'put-service',
    text: `INSERT INTO service (name, publish, read) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET publish = CASE WHEN $4 THEN excluded.publish ELSE service.publish END,
       read = CASE WHEN $5 THEN excluded.read ELSE service.read END`,
    values: [
      name,
      rights.publish ?? null,
      rights.read ?? null,
      rights.publish !== undefined,
      rights.read !== undefined,
    ],
  });
}
