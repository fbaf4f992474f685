import type { Fact } from '@/lib/protocol/fact';
import { copyRows, isRepeatedKey, mergeRows } from '../sql/binary-copy';
import type { Column } from '../sql/rows';
import type { PoolClient } from '@/lib/postgres';
import type { Ids } from './write-rows';

/** Where and when facts were read. */
export interface Reading {
  /** The SDK's topic, the intake, a dead-letter topic. */
  source: string;
  receivedAt: Date;
}

function factColumns({ clusterId, topics, groups }: Ids, { source, receivedAt }: Reading): Column<Fact>[] {
  return [
    { name: 'message_id', type: 'uuid', of: (fact) => fact.messageId },
    { name: 'fact_id', type: 'uuid', of: (fact) => fact.factId },
    { name: 'cluster_id', type: 'smallint', of: () => clusterId },
    { name: 'kind', type: 'text', of: (fact) => fact.kind },
    { name: 'source', type: 'text', of: () => source },
    { name: 'group_id', type: 'int', of: (fact) => groups.get(fact.group ?? '') },
    { name: 'at', type: 'timestamptz', of: (fact) => fact.at },
    { name: 'received_at', type: 'timestamptz', of: () => receivedAt },
    { name: 'generation', type: 'int', of: (fact) => fact.generation ?? 0 },
    { name: 'topic_id', type: 'int', of: (fact) => topics.get(fact.position?.topic ?? '') },
    { name: 'partition', type: 'int', of: (fact) => fact.position?.partition },
    { name: '"offset"', type: 'bigint', of: (fact) => fact.position?.offset },
    { name: 'body', type: 'text', of: (fact) => JSON.stringify(fact) },
  ];
}

/**
 * Adds facts and returns those that were not there before. The fast path is a binary COPY under a savepoint. If a key
 * repeats, the batch goes through a temporary table instead, which separates the new facts from the known ones.
 * @param facts by message id and fact id, so that two writers of the same facts wait for each other instead of deadlocking
 */
export async function addFacts(
  client: PoolClient,
  facts: Fact[],
  ids: Ids,
  reading: Reading,
): Promise<Fact[]> {
  if (facts.length === 0) return [];
  const columns = factColumns(ids, reading);
  await client.query('SAVEPOINT add_facts');
  try {
    await copyRows(client, 'fact', columns, facts);
    await client.query('RELEASE SAVEPOINT add_facts');
    return facts;
  } catch (error) {
    if (!isRepeatedKey(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT add_facts');
  }
  const added = await mergeRows<Fact, { fact_id: string }>(client, 'fact', columns, facts, {
    key: 'message_id, fact_id',
    onConflict: 'DO NOTHING RETURNING fact_id',
  });
  const there = new Set(added.map((row) => row.fact_id));
  // The same fact twice in one batch is one row too.
  return facts.filter((fact) => there.delete(fact.factId));
}
