import type { ItemState } from '@/lib/domain/retries/retry';
import type { Queryable } from '@/lib/postgres';

/** How many items of retries that have not ended are in each state. */
export async function countOpenItems(
  store: Queryable,
  clusterId: number,
): Promise<{ retryId: string; operator: string; state: ItemState; count: number; since: Date }[]> {
  const { rows } = await store.query<{
    retry_id: string;
    operator_name: string;
    state: ItemState;
    count: number;
    since: Date;
  }>({
    name: 'count-open-items',
    text: `SELECT i.retry_id, r.operator_name, i.state, count(*)::int AS count, r.created_at AS since
     FROM retry_item i JOIN retry r ON r.id = i.retry_id
     WHERE r.cluster_id = $1 AND r.state = 'RUNNING' AND r.kind = 'retry' GROUP BY 1, 2, 3, 5 ORDER BY r.created_at DESC`,
    values: [clusterId],
  });
  return rows.map((row) => ({
    retryId: row.retry_id,
    operator: row.operator_name,
    state: row.state,
    count: row.count,
    since: row.since,
  }));
}

/** Whether anything is under way that Courier sends on a cluster: a retry that has not ended, or a test message. */
export async function isAnythingOpen(store: Queryable, clusterId: number): Promise<boolean> {
  const { rows } = await store.query<{ open: boolean }>({
    name: 'anything-open',
    text: "SELECT EXISTS (SELECT 1 FROM retry WHERE cluster_id = $1 AND state = 'RUNNING') AS open",
    values: [clusterId],
  });
  return rows[0]?.open ?? false;
}
