import type { EpisodeKind } from '@/lib/domain/episodes/episode';
import type { Queryable } from '@/lib/postgres';

/** Kinds of episodes that are kept for so long after the others. */
const KEPT_LONG: readonly EpisodeKind[] = ['data_loss', 'retry', 'position_moved'];
const LONG = '370 days';

/**
 * Removes what is not partitioned and has served its time: lag, gaps, dead letters, rejected facts and ended retries
 * from before `before`; copies of bodies from before `bodiesBefore`; sign-ins and sessions that ended.
 */
export async function removeOld(store: Queryable, before: Date, bodiesBefore: Date): Promise<void> {
  await store.query('DELETE FROM body WHERE received_at < $1', [bodiesBefore]);
  await store.query('DELETE FROM lag_rollup WHERE start_at < $1', [before]);
  await store.query('DELETE FROM minute_count WHERE minute < $1', [before]);
  // Three days stay as fine as they were measured; older ones are rolled up by then.
  await store.query(
    `DELETE FROM lag_chunk c WHERE start_at < $1 OR (start_at < now() - interval '3 days' AND EXISTS (
       SELECT 1 FROM lag_rollup r WHERE r.group_id = c.group_id AND r.topic_id = c.topic_id
         AND r.start_at = date_bin('1 day', c.start_at, '2000-01-01Z'::timestamptz)))`,
    [before],
  );
  await store.query('DELETE FROM group_loss WHERE seen_at < $1 AND acknowledged_at IS NOT NULL', [before]);
  await store.query("DELETE FROM position_move WHERE ended_at < $1 AND state <> 'open'", [before]);
  await store.query('DELETE FROM skip_command WHERE created_at < $1', [before]);
  // What a person did, and what was lost, is asked for longer than anything else.
  await store.query(
    `DELETE FROM episode WHERE ended < $1 AND (kind <> ALL($2::text[]) OR ended < $1::timestamptz - interval '${LONG}')`,
    [before, KEPT_LONG],
  );
  await store.query('DELETE FROM gap WHERE found_at < $1', [before]);
  await store.query('DELETE FROM dead_letter WHERE at < $1', [before]);
  await store.query('DELETE FROM fact_rejected WHERE received_at < $1', [before]);
  await store.query('DELETE FROM log_start WHERE seen_at < $1', [before]);
  await store.query(
    `WITH old AS (SELECT id FROM retry WHERE state = 'ENDED' AND ended_at < $1),
       attempts AS (DELETE FROM send_attempt WHERE item_id IN (SELECT id FROM retry_item WHERE retry_id IN (SELECT id FROM old))),
       items AS (DELETE FROM retry_item WHERE retry_id IN (SELECT id FROM old))
     DELETE FROM retry WHERE id IN (SELECT id FROM old)`,
    [before],
  );
  // A message that has its outcome is counted elsewhere; late facts may still come to the last hours.
  await store.query("DELETE FROM status_count WHERE count = 0 AND hour < now() - interval '6 hours'");
  // Every process marks the names that it uses as seen twice a day; what has not been seen since is of no row any more.
  for (const table of ['origin', 'shape'])
    await store.query(`DELETE FROM ${table} WHERE seen_at < $1::timestamptz - interval '3 days'`, [before]);
  await store.query("DELETE FROM sign_in_attempt WHERE at < now() - interval '1 day'");
  await store.query('DELETE FROM session WHERE expires_at < now()');
}
