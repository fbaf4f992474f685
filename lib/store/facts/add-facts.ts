import type { Fact } from '@/lib/protocol/fact';
import { isRepeatedKey, mergeRows, sendRows, type Sent } from '../sql/binary-copy';
import type { Column } from '../sql/rows';
import type { PoolClient } from '@/lib/postgres';
import { factColumns, type FactNumbers } from './pack-fact';

/**
 * Adds facts and returns those that were not there before. The fast path is a binary COPY under a savepoint. If a key
 * repeats, the batch goes through a temporary table instead, which separates the new facts from the known ones.
 * @param facts by message id and fact id, so that two writers of the same facts wait for each other instead of deadlocking
 */
export async function addFacts(client: PoolClient, facts: Fact[], numbers: FactNumbers): Promise<Fact[]> {
  return (await sendFacts(client, facts, numbers)).done;
}

/** As `addFacts`, once they are sent. Nothing else may be asked of the connection until it is done. */
export async function sendFacts(
  client: PoolClient,
  facts: Fact[],
  numbers: FactNumbers,
): Promise<Sent<Fact[]>> {
  if (facts.length === 0) return { done: Promise.resolve([]) };
  const columns = factColumns(numbers);
  await client.query('SAVEPOINT add_facts');
  const done = newFacts(client, facts, columns, await sendRows(client, 'fact', columns, facts));
  done.catch(() => undefined);
  return { done };
}

async function newFacts(
  client: PoolClient,
  facts: Fact[],
  columns: readonly Column<Fact>[],
  sent: Sent,
): Promise<Fact[]> {
  try {
    await sent.done;
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
