import type { PoolClient } from 'pg';

/** Locks the members of a group until the end of the transaction. */
export function lockGroup(client: Pick<PoolClient, 'query'>, group: string): Promise<unknown> {
  return client.query({
    name: 'embedded-lock-group',
    text: 'SELECT 1 FROM embedded_group WHERE name = $1 FOR UPDATE',
    values: [group],
  });
}
