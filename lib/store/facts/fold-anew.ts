import { foldFacts, textOfPosition } from '@/lib/domain/messages/fold';
import type { Fact } from '@/lib/protocol/fact';
import { readAtFactId } from '@/lib/protocol/derived-ids';
import { groupBy } from '@/lib/values/group-by';
import type { PoolClient } from '@/lib/postgres';
import { addFacts } from './add-facts';
import { countMessage, outcomesOf, uncountMessage } from './count-plans';
import type { StatusCounts } from './count-statuses';
import type { Known } from './lock-known';
import type { Numbers } from './numbers';
import { FACT_COLUMNS, FACT_NAMES, KIND_NUMBER, sourceOfRow, unpackFact, type FactSqlRow } from './pack-fact';
import { planNew } from './plan-messages';
import { copyRefs, refRowsOf, removeRefs } from './refs';
import { writeDeliveries } from './write-deliveries';
import { addMessages, addSendFailures, replaceMessages } from './write-messages';

/** How the facts of a message are written whole. */
interface WholeOptions {
  /** Whether the rows of the messages are there. */
  isThere: boolean;
  counts: StatusCounts;
  /** When a message was received, where its row is not there. */
  receivedAtOf?: (id: string) => Date | undefined;
}

/**
 * Writes messages, deliveries and refs from all facts of the messages, and what the index read at other places than the
 * messages' own. Facts that were reported are the caller's to write.
 * @param facts by message
 */
export async function writeWhole(
  client: PoolClient,
  numbers: Numbers,
  facts: readonly Fact[],
  { isThere, counts, receivedAtOf }: WholeOptions,
): Promise<void> {
  const fold = foldFacts(facts);
  const byMessage = groupBy(facts, (fact) => fact.messageId);
  const plans = [...fold.messages.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((row) =>
      planNew(
        row,
        fold,
        (byMessage.get(row.id) ?? []).filter((fact) => fact.kind === 'indexed'),
      ),
    );
  await numbers.learnShapes(plans.map(({ row }) => row.description));
  if (isThere) await replaceMessages(client, plans, numbers);
  else await addMessages(client, plans, numbers, receivedAtOf);
  const described = new Map(plans.map(({ row }) => [row.id, row.description]));
  await writeDeliveries(client, [...fold.deliveries.values()], numbers, (id) => described.get(id));
  await addSendFailures(client, [...fold.messages.values()]);
  await copyRefs(
    client,
    plans.flatMap((plan) => refRowsOf(plan, byMessage.get(plan.row.id) ?? [])),
  );
  await addFacts(
    client,
    plans.flatMap((plan) => plan.further),
    numbers,
  );
  const outcomes = outcomesOf(fold, numbers);
  for (const { row } of plans) countMessage(counts, numbers, row, undefined, outcomes.get(row.id));
}

/**
 * Folds messages anew from their facts, where a row is not enough to join them with: its topic or its own place changed.
 * @param known the messages, which the transaction holds
 * @param more facts of the index that are not stored yet
 */
export async function foldAnew(
  client: PoolClient,
  numbers: Numbers,
  ids: string[],
  known: ReadonlyMap<string, Known>,
  more: readonly Fact[],
  counts: StatusCounts,
): Promise<void> {
  const stored = await readStoredFacts(client, numbers, ids);
  const facts = new Map(stored.map((item) => [item.factId, item]));
  const read = (fact: Fact) => `${fact.messageId} ${fact.position ? textOfPosition(fact.position) : ''}`;
  const places = new Set(stored.filter((fact) => fact.kind === 'indexed').map(read));
  const absorbed = ids.flatMap((id) => {
    const message = known.get(id);
    const fact = message && indexedFact(message);
    return fact ? [fact] : [];
  });
  for (const fact of [...absorbed, ...more]) {
    if (fact.kind === 'indexed' && places.has(read(fact))) continue;
    if (fact.kind === 'indexed') places.add(read(fact));
    facts.set(fact.factId, fact);
  }
  const all = [...facts.values()].sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  await numbers.learn(all);
  await client.query('DELETE FROM delivery WHERE message_id = ANY($1)', [ids]);
  await client.query('DELETE FROM send_failure WHERE message_id = ANY($1)', [ids]);
  await client.query('DELETE FROM fact WHERE message_id = ANY($1) AND kind = $2', [ids, KIND_NUMBER.indexed]);
  await removeRefs(client, all);
  for (const id of ids) {
    const message = known.get(id);
    if (message) uncountMessage(counts, message);
  }
  await writeWhole(client, numbers, all, { isThere: true, counts });
}

/** What the index read at a message's own place, as a fact; its description is what the message's is by now. */
export function indexedFact({ row, own, indexed }: Known): Fact | null {
  if (!own || !indexed) return null;
  const { topic = own.topic, ...description } = row.description;
  return {
    factId: readAtFactId(row.id, own, Date.parse(indexed.at)),
    kind: 'indexed',
    messageId: row.id,
    at: indexed.at,
    message: { topic, ...description },
    position: own,
    ...(indexed.idHeaders ? { idHeaders: indexed.idHeaders } : {}),
  };
}

/** Facts of messages that are rows of their own, with their readings kept by `numbers`. */
export async function readStoredFacts(client: PoolClient, numbers: Numbers, ids: string[]): Promise<Fact[]> {
  const { rows } = await client.query<FactSqlRow>(
    `SELECT ${FACT_COLUMNS} FROM fact_read f ${FACT_NAMES} WHERE f.message_id = ANY($1)`,
    [ids],
  );
  return rows.map((row) => {
    const fact = unpackFact(row);
    numbers.keepReading(fact, { source: sourceOfRow(row), receivedAt: row.received_at });
    return fact;
  });
}
