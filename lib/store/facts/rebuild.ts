import type { Pool } from 'pg';
import { groupBy } from '@/lib/values/group-by';
import type { Catalog } from '../names/catalog';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import { moveFormer } from '../former/move';
import { StatusCounts } from './count-statuses';
import { foldAnew, readStoredFacts, writeWhole } from './fold-anew';
import { lockKnown } from './lock-known';
import { Numbers } from './numbers';
import { recount } from './recount';

/** Messages whose rows are made anew in one transaction. */
const CHUNK = 500;

const MESSAGE = `id, topic_id, type, version, service, kind, key, trace_id, size, sent_at, committed_at, send_failed_at, send_failures,
  send_error_at, send_error_fact, send_error_type, send_error_message, copies, status, first_at`;
const DELIVERY = `message_id, group_id, outcome, attempts, handled_count, first_at, last_at, outcome_at, outcome_fact, attempt,
  duration_ms, host, release, next_try_at, gave_up, gave_up_to, error_at, error_fact, error_type, error_message, first_error_at, overdue_at`;

export interface RebuildResult {
  messages: number;
  /** Ids of messages whose rows were not what the facts add up to: each is a bug, and is mended now. */
  differed: string[];
  /** Counts by minute, hour and status that were not what counting gives; they are mended too. */
  miscounted: number;
}

/**
 * Rebuilds `message`, `delivery` and `ref` from `fact`, message by message, then the counts by status, and returns the
 * differences. Others may go on writing: each chunk holds its message rows until it is done. What the index alone read is in
 * the message's own row and stays.
 */
export async function rebuild(
  pool: Pool,
  catalog: Catalog,
  onProgress: (messages: number) => void,
): Promise<RebuildResult> {
  const result: RebuildResult = { messages: 0, differed: [], miscounted: 0 };
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const ids = await nextIds(pool, catalog.clusterId, after);
    const last = ids.at(-1);
    if (last === undefined) break;
    result.differed.push(...(await rebuildChunk(pool, catalog, ids)));
    result.messages += ids.length;
    onProgress(result.messages);
    after = last;
  }
  result.miscounted = await recount(pool, catalog.clusterId);
  return result;
}

/** The next messages by id, those among them of which only facts are left. */
async function nextIds(pool: Pool, clusterId: number, after: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT DISTINCT id FROM (
       (SELECT id FROM message WHERE id > $1 AND cluster_id = $3 ORDER BY id LIMIT $2)
       UNION ALL (SELECT id FROM former_message WHERE id > $1 AND cluster_id = $3 ORDER BY id LIMIT $2)
       UNION ALL (
         SELECT f.message_id FROM fact f
           LEFT JOIN consumer_group g ON g.id = f.group_id LEFT JOIN topic t ON t.id = f.topic_id
           LEFT JOIN shape s ON s.id = f.shape_id
         WHERE f.message_id > $1 AND coalesce(g.cluster_id, t.cluster_id, s.cluster_id) = $3
         ORDER BY f.message_id LIMIT $2)
     ) ids ORDER BY id LIMIT $2`,
    [after, CHUNK, clusterId],
  );
  return rows.map((row) => row.id);
}

async function rebuildChunk(pool: Pool, catalog: Catalog, ids: string[]): Promise<string[]> {
  const numbers = await Numbers.of(catalog, [], () => ({ source: 'topic index', receivedAt: new Date() }));
  return inTransaction(pool, async (client) => {
    const counts = new StatusCounts(catalog.clusterId);
    const before = await snapshot(client, ids);
    await moveFormer(client, catalog, ids, counts);
    const known = await lockKnown(client, catalog, ids);
    await foldAnew(client, numbers, [...known.keys()], known, [], counts);
    await addLost(
      client,
      numbers,
      ids.filter((id) => !known.has(id)),
      counts,
    );
    await counts.write(client);
    const after = await snapshot(client, ids);
    return ids.filter((id) => before.get(id) !== after.get(id));
  });
}

/** Writes messages of which only facts are left. */
async function addLost(
  client: PoolClient,
  numbers: Numbers,
  ids: string[],
  counts: StatusCounts,
): Promise<void> {
  const facts = ids.length === 0 ? [] : await readStoredFacts(client, numbers, ids);
  if (facts.length === 0) return;
  await numbers.learn(facts);
  await client.query('DELETE FROM delivery WHERE message_id = ANY($1)', [ids]);
  await client.query('DELETE FROM send_failure WHERE message_id = ANY($1)', [ids]);
  const sorted = [...groupBy(facts, (fact) => fact.messageId).values()].flat();
  await writeWhole(client, numbers, sorted, { isThere: false, counts });
}

async function snapshot(client: PoolClient, ids: string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; text: string }>(
    `SELECT m.id, row_to_json(m)::text || coalesce(d.text, '') AS text
     FROM (SELECT ${MESSAGE} FROM message_read WHERE id = ANY($1)) m
     LEFT JOIN (SELECT message_id, string_agg(row_to_json(one)::text, ',' ORDER BY group_id) AS text
                FROM (SELECT ${DELIVERY} FROM delivery_read WHERE message_id = ANY($1)) one GROUP BY message_id) d ON d.message_id = m.id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.text]));
}
