import { sourceOf } from '@/lib/domain/workers/source';
import type { Fact } from '@/lib/protocol/fact';
import type { PoolClient } from '@/lib/postgres';
import { addFacts } from '../facts/add-facts';
import type { StatusCounts } from '../facts/count-statuses';
import { writeWhole } from '../facts/fold-anew';
import { OfAnotherMessage } from '../facts/lock-known';
import { Numbers, type Reading } from '../facts/numbers';
import type { Catalog } from '../names/catalog';

/**
 * Moves those of some messages that are in the former tables into the tables of today, in the transaction that is about to
 * write to them.
 * @param ids in their order
 * @param counts which the caller writes at the end
 * @throws OfAnotherMessage
 */
export async function moveFormer(
  client: PoolClient,
  catalog: Catalog,
  ids: readonly string[],
  counts: StatusCounts,
): Promise<void> {
  if (ids.length === 0 || !(await catalog.hasFormer())) return;
  const { rows } = await client.query<{ id: string; cluster_id: number }>({
    name: 'lock-former',
    text: `SELECT id, cluster_id FROM former_message WHERE id = ANY($1) AND id >= $2 AND id <= $3 ORDER BY id FOR UPDATE`,
    values: [ids, ids[0], ids.at(-1)],
  });
  const other = rows.find((row) => row.cluster_id !== catalog.clusterId);
  if (other) throw new OfAnotherMessage(`${other.id} is a message of another cluster`);
  await moveHeld(
    client,
    catalog,
    rows.map((row) => row.id),
    counts,
  );
}

/** Moves messages of the catalog's cluster that the transaction holds in the former tables. @param ids in their order */
export async function moveHeld(
  client: PoolClient,
  catalog: Catalog,
  ids: readonly string[],
  counts: StatusCounts,
): Promise<void> {
  if (ids.length === 0) return;
  const values = [ids, ids[0], ids.at(-1)];
  const where = (key: string) => `${key} = ANY($1) AND ${key} >= $2 AND ${key} <= $3`;
  const { rows: messages } = await client.query<{ id: string; received_at: Date }>({
    name: 'take-former-messages',
    text: `DELETE FROM former_message WHERE ${where('id')} RETURNING id, received_at`,
    values,
  });
  const { rows } = await client.query<{ body: string; source: string; received_at: Date }>({
    name: 'take-former-facts',
    text: `DELETE FROM former_fact WHERE ${where('message_id')} RETURNING body, source, received_at`,
    values,
  });
  for (const table of ['former_delivery', 'former_ref'])
    await client.query({
      name: `take-${table}`,
      text: `DELETE FROM ${table} WHERE ${where('message_id')}`,
      values,
    });
  const readings = new Map<Fact, Reading>();
  for (const row of rows)
    readings.set(JSON.parse(row.body) as Fact, {
      source: sourceOf(row.source),
      receivedAt: row.received_at,
    });
  const facts = [...readings.keys()].sort((a, b) =>
    a.messageId === b.messageId ? (a.factId < b.factId ? -1 : 1) : a.messageId < b.messageId ? -1 : 1,
  );
  const numbers = await Numbers.of(catalog, facts, (fact) => readings.get(fact) ?? NO_READING);
  await addFacts(
    client,
    facts.filter((fact) => fact.kind !== 'indexed'),
    numbers,
  );
  const receivedAt = new Map(messages.map((row) => [row.id, row.received_at]));
  await writeWhole(client, numbers, facts, {
    isThere: false,
    counts,
    receivedAtOf: (id) => receivedAt.get(id),
  });
}

const NO_READING: Reading = { source: 'topic index', receivedAt: new Date(0) };
