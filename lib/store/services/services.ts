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

/** Returns the rights of a service; undefined if none are stored. */
export async function readService(
  store: Queryable,
  name: string,
): Promise<Pick<ServiceRow, 'publish' | 'read'> | undefined> {
  const { rows } = await store.query<Pick<ServiceRow, 'publish' | 'read'>>({
    name: 'read-service',
    text: 'SELECT publish, read FROM service WHERE name = $1',
    values: [name],
  });
  return rows[0];
}

/** Whether a service has rights of its own or has had a token. */
export async function isServiceKnown(store: Queryable, name: string): Promise<boolean> {
  const { rows } = await store.query({
    name: 'is-service-known',
    text: `SELECT 1 FROM service WHERE name = $1
     UNION ALL SELECT 1 FROM token WHERE name = $1 AND scope = 'service' LIMIT 1`,
    values: [name],
  });
  return rows.length > 0;
}

export interface ServiceRow {
  name: string;
  publish: string[] | null;
  read: string[] | null;
  /** Groups that it owns, as `cluster` and `group`. */
  groups: { cluster: string; group: string }[];
}

/** Services that have a token or own a group, by name, with what they may do. */
export async function listServices(store: Queryable): Promise<ServiceRow[]> {
  const { rows } = await store.query<ServiceRow>({
    name: 'list-services',
    text: `SELECT n.name, s.publish, s.read, coalesce((
         SELECT jsonb_agg(jsonb_build_object('cluster', c.name, 'group', g.name) ORDER BY c.name, g.name)
         FROM consumer_group g JOIN cluster c ON c.id = g.cluster_id WHERE g.owner = n.name), '[]') AS groups
       FROM (SELECT name FROM service UNION SELECT owner FROM consumer_group WHERE owner IS NOT NULL) n
       LEFT JOIN service s ON s.name = n.name ORDER BY n.name LIMIT 1000`,
  });
  return rows;
}
