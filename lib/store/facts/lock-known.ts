import type { PoolClient } from '@/lib/postgres';

/** What merging facts into an existing message needs of it. */
export interface Known {
  committed: boolean;
  sendFailed: boolean;
  /** Outcome numbers of its deliveries by group id. */
  outcomes: Map<number, number>;
}

/** The id is that of another message, of another cluster or another topic: this one needs an id of its own. */
export class OfAnotherMessage extends Error {}

/**
 * Locks the rows of existing messages until the transaction ends, and reads what their status follows from. Every writer
 * of a message's deliveries or refs holds its row, so none of this changes meanwhile.
 * @param ids in their order, in which all writers wait for each other
 * @param topicOf number of the topic that facts of this batch place a message on; undefined where they name none
 * @throws OfAnotherMessage
 */
export async function lockKnown(
  client: PoolClient,
  clusterId: number,
  ids: string[],
  topicOf: (id: string) => number | undefined = () => undefined,
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  if (ids.length === 0) return known;
  const { rows: messages } = await client.query<{
    id: string;
    is_ours: boolean;
    topic_id: number | null;
    committed: boolean;
    send_failed: boolean;
  }>({
    name: 'lock-known',
    // The bounds keep it to the partitions of the batch's own days.
    text: `SELECT id, cluster_id = $4 AS is_ours, topic_id, committed_at IS NOT NULL AS committed, send_failures > 0 AS send_failed FROM message
           WHERE id = ANY($1) AND id >= $2 AND id <= $3 ORDER BY id FOR NO KEY UPDATE`,
    values: [ids, ids[0], ids.at(-1), clusterId],
  });
  const isAnother = ({ id, is_ours, topic_id }: (typeof messages)[number]) =>
    !is_ours || (topic_id !== null && (topicOf(id) ?? topic_id) !== topic_id);
  const other = messages.find(isAnother);
  if (other) throw new OfAnotherMessage(`${other.id} is a message of another cluster or topic`);
  for (const { id, committed, send_failed } of messages)
    known.set(id, { committed, sendFailed: send_failed, outcomes: new Map() });
  if (known.size === 0) return known;
  const found = [...known.keys()];
  // A statement of its own, so that it sees what those who held the rows before have committed.
  const { rows: deliveries } = await client.query<{ id: string; group_id: number; outcome: string }>({
    name: 'known-outcomes',
    text: `SELECT message_id AS id, group_id, outcome FROM delivery
           WHERE message_id = ANY($1) AND message_id >= $2 AND message_id <= $3`,
    values: [found, found[0], found.at(-1)],
  });
  for (const { id, group_id, outcome } of deliveries) known.get(id)?.outcomes.set(group_id, Number(outcome));
  return known;
}
