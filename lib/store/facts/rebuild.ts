import type { Pool } from 'pg';
import { foldFacts } from '@/lib/domain/messages/fold';
import type { Fact } from '@/lib/protocol/fact';
import type { Catalog } from '../names/catalog';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import { addRefs } from './refs';
import { addMessages, writeDeliveries } from './write-rows';

/** Messages whose rows are made anew in one transaction. */
const CHUNK = 500;

const MESSAGE = `id, topic_id, type, version, service, kind, key, trace_id, size, sent_at, committed_at, send_failed_at, send_failures,
  send_error_at, send_error_fact, send_error_type, send_error_message, copies, status, first_at, last_at`;
const DELIVERY = `message_id, group_id, outcome, attempts, handled_count, first_at, last_at, outcome_at, outcome_fact, attempt,
  duration_ms, host, release, next_try_at, gave_up, gave_up_to, error_at, error_fact, error_type, error_message, first_error_at, overdue_at`;

export interface RebuildResult {
  messages: number;
  /** Ids of messages whose rows were not what the facts add up to: each is a bug, and is mended now. */
  differed: string[];
}

/**
 * Rebuilds `message`, `delivery` and `ref` from `fact`, message by message, and returns the differences.
 * Others may go on writing: each chunk holds its message rows until it is done.
 */
export async function rebuild(
  pool: Pool,
  catalog: Catalog,
  onProgress: (messages: number) => void,
): Promise<RebuildResult> {
  const result: RebuildResult = { messages: 0, differed: [] };
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const { rows } = await pool.query<{ message_id: string }>(
      'SELECT DISTINCT message_id FROM fact WHERE message_id > $1 AND cluster_id = $3 ORDER BY message_id LIMIT $2',
      [after, CHUNK, catalog.clusterId],
    );
    const ids = rows.map((row) => row.message_id);
    const last = ids.at(-1);
    if (last === undefined) return result;
    result.differed.push(...(await rebuildChunk(pool, catalog, ids)));
    result.messages += ids.length;
    onProgress(result.messages);
    after = last;
  }
}

async function rebuildChunk(pool: Pool, catalog: Catalog, ids: string[]): Promise<string[]> {
  return inTransaction(pool, async (client) => {
    await client.query('SELECT id FROM message WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids]);
    const { rows } = await client.query<{ body: string }>(
      'SELECT body FROM fact WHERE message_id = ANY($1) ORDER BY message_id',
      [ids],
    );
    const facts = rows.map((row) => JSON.parse(row.body) as Fact);
    const before = await snapshot(client, ids);
    await client.query('DELETE FROM delivery WHERE message_id = ANY($1)', [ids]);
    await client.query('DELETE FROM ref WHERE message_id = ANY($1)', [ids]);
    // The row keeps its time of receipt, which no fact has.
    const { rows: kept } = await client.query<{ id: string; received_at: Date }>(
      'DELETE FROM message WHERE id = ANY($1) RETURNING id, received_at',
      [ids],
    );
    const fold = foldFacts(facts);
    const topics = await catalog.topicIds(
      facts.flatMap((fact) => fact.message?.topic ?? fact.position?.topic ?? []),
    );
    const groups = await catalog.groupIds(facts.flatMap((fact) => fact.group ?? []));
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    const named = { clusterId: catalog.clusterId, topics, groups };
    await addMessages(client, fold, [...fold.messages.values()].sort(byId), named);
    await writeDeliveries(client, [...fold.deliveries.values()], named);
    await addRefs(client, catalog.clusterId, facts, new Set(fold.messages.keys()));
    await client.query(
      'UPDATE message m SET received_at = r.at FROM unnest($1::uuid[], $2::timestamptz[]) AS r (id, at) WHERE m.id = r.id',
      [kept.map((row) => row.id), kept.map((row) => row.received_at)],
    );
    const after = await snapshot(client, ids);
    return ids.filter((id) => before.get(id) !== after.get(id));
  });
}

async function snapshot(client: PoolClient, ids: string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; text: string }>(
    `SELECT m.id, row_to_json(m)::text || coalesce(d.text, '') AS text
     FROM (SELECT ${MESSAGE} FROM message WHERE id = ANY($1)) m
     LEFT JOIN (SELECT message_id, string_agg(row_to_json(one)::text, ',' ORDER BY group_id) AS text
                FROM (SELECT ${DELIVERY} FROM delivery WHERE message_id = ANY($1)) one GROUP BY message_id) d ON d.message_id = m.id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.text]));
}
