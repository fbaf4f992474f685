import type { Queryable } from '@/lib/postgres';

/** Stacks of the newest failing facts of deliveries of a group. @param ids of messages, at most a few dozen */
export async function readStacks(store: Queryable, groupId: number, ids: string[]): Promise<string[]> {
  const { rows } = await store.query<{ body: string }>(
    `SELECT DISTINCT ON (message_id) body FROM fact
     WHERE message_id = ANY($1) AND group_id = $2 AND kind IN ('handle_failed', 'push_failed')
     ORDER BY message_id, at DESC, fact_id DESC`,
    [ids, groupId],
  );
  return rows.flatMap((row) => {
    const { error } = JSON.parse(row.body) as { error?: { stack?: string } };
    return error?.stack ? [error.stack] : [];
  });
}
