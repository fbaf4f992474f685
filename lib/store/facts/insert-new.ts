import type { DeliveryRow, Fold, MessageRow } from '@/lib/domain/fold';
import { statusOfMessage, statusOfOutcome } from '@/lib/domain/status';
import { roleOfTopic } from '@/lib/protocol/topics';
import { copyRows, encodeRows, isRepeatedKey } from '@/lib/store/binary-copy';
import type { Column } from '@/lib/store/rows';
import type { PoolClient } from '@/lib/postgres';
import { deliveryColumns, messageColumns } from './join-rows';
import { distinctRefs, refColumns, topicOfPosition, type Ref } from './refs';

/** Ids that have no message yet, as far as this transaction sees. @param ids in their order */
export async function findNew(client: PoolClient, ids: string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'find-known',
    // The bounds keep it to the partitions of the batch's own days.
    text: 'SELECT id FROM message WHERE id = ANY($1) AND id >= $2 AND id <= $3',
    values: [ids, ids[0], ids.at(-1)],
  });
  const known = new Set(rows.map((row) => row.id));
  return new Set(ids.filter((id) => !known.has(id)));
}

/**
 * Writes messages that are not known yet, whole: rows, deliveries and refs by binary COPY, with the status and the count
 * of copies that their facts add up to. Nothing can stand under a message that is not there, so nothing is joined.
 * @param fold of the facts of these messages alone, in the order in which all writers write
 * @returns false when another writer was quicker with one of them; nothing is written then
 */
export async function insertNew(
  client: PoolClient,
  clusterId: number,
  fold: Fold,
  refs: Ref[],
  topics: Map<string, number>,
  groups: Map<string, number>,
): Promise<boolean> {
  const messages = [...fold.messages.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (messages.length === 0) return true;
  const deliveries = [...fold.deliveries.values()];
  const columns = newMessageColumns(clusterId, fold, deliveries, topics);
  await client.query('SAVEPOINT insert_new');
  try {
    await copyRows(client, 'message', columns, encodeRows(columns, messages));
  } catch (error) {
    if (!isRepeatedKey(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT insert_new');
    return false;
  }
  if (deliveries.length > 0) {
    const of = deliveryColumns(groups);
    await copyRows(client, 'delivery', of, encodeRows(of, deliveries));
  }
  const distinct = distinctRefs(refs);
  if (distinct.length > 0) {
    const of = refColumns(clusterId);
    await copyRows(client, 'ref', of, encodeRows(of, distinct));
  }
  await client.query('RELEASE SAVEPOINT insert_new');
  return true;
}

function newMessageColumns(
  clusterId: number,
  fold: Fold,
  deliveries: DeliveryRow[],
  topics: Map<string, number>,
): Column<MessageRow>[] {
  const outcomes = new Map<string, number[]>();
  for (const { messageId, outcome } of deliveries) {
    const list = outcomes.get(messageId);
    if (list) list.push(outcome);
    else outcomes.set(messageId, [outcome]);
  }
  const copiesOf = (id: string) =>
    [...(fold.positions.get(id) ?? [])].filter((text) => roleOfTopic(topicOfPosition(text)) === 'message')
      .length;
  return [
    ...messageColumns(clusterId, topics),
    { name: 'copies', type: 'int', of: (row) => copiesOf(row.id) },
    {
      name: 'status',
      type: 'text',
      of: (row) =>
        statusOfMessage(
          row.committedAt !== null,
          row.sendFailures > 0,
          (outcomes.get(row.id) ?? []).map(statusOfOutcome),
        ),
    },
  ];
}
