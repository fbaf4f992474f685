import type { MessageRow } from '@/lib/domain/messages/fold';
import type { Fact, MessageDescription, MessageKind, Position } from '@/lib/protocol/fact';
import type { PoolClient } from '@/lib/postgres';

/** A message that is there, as the transaction holds it. */
export interface Known {
  row: MessageRow;
  shapeId: number;
  /** Its place on its own topic. */
  own: Position | null;
  /** What the index read there. */
  indexed: Pick<Fact, 'at' | 'idHeaders'> | null;
  copies: number;
  sendFailed: boolean;
  /** Outcome numbers of its deliveries by group id. */
  outcomes: Map<number, number>;
}

/** JSON in `message.rest`. */
export interface MessageRest {
  idHeaders?: Fact['idHeaders'];
  producerId?: string;
  /** One that is not 32 hexadecimal digits. */
  traceId?: string;
  /** Names of a shape that is an overflow. */
  names?: Partial<Pick<MessageDescription, 'type' | 'version' | 'service' | 'kind'>>;
}

/** The id is that of another message, of another cluster or another topic: this one needs an id of its own. */
export class OfAnotherMessage extends Error {}

interface Row {
  id: string;
  is_ours: boolean;
  topic: string | null;
  shape_id: number;
  type: string | null;
  version: string | null;
  service: string | null;
  kind: MessageKind | null;
  key: string | null;
  trace: string | null;
  size: number | null;
  sent_at: Date | null;
  committed_at: Date | null;
  indexed_at: Date | null;
  first_at: Date;
  send_failed_at: Date | null;
  partition: number | null;
  offset: string | null;
  copies: number;
  rest: string | null;
}

/** Columns of `message m`, its shape `s` and its topic `t`, from which `knownOf` makes a message. */
export const KNOWN_COLUMNS = `m.id, t.name AS topic, m.shape_id, s.type, s.version, s.service, s.kind, m.key, m.trace, m.size, m.sent_at,
  m.committed_at, m.indexed_at, m.first_at, m.send_failed_at, m.partition, m."offset", m.copies, m.rest`;

/**
 * Locks the rows of existing messages until the transaction ends, and reads what facts are joined with. Every writer of a
 * message's deliveries or refs holds its row, so none of this changes meanwhile.
 * @param ids in their order, in which all writers wait for each other
 * @param topicOf name of the topic that facts of this batch place a message on; undefined where they name none
 * @throws OfAnotherMessage
 */
export async function lockKnown(
  client: PoolClient,
  clusterId: number,
  ids: string[],
  topicOf: (id: string) => string | undefined = () => undefined,
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  if (ids.length === 0) return known;
  const { rows } = await client.query<Row>({
    name: 'lock-known',
    // The bounds keep it to the partitions of the batch's own days.
    text: `SELECT ${KNOWN_COLUMNS}, m.cluster_id = $4 AS is_ours
           FROM message m LEFT JOIN shape s ON s.id = m.shape_id LEFT JOIN topic t ON t.id = m.topic_id
           WHERE m.id = ANY($1) AND m.id >= $2 AND m.id <= $3 ORDER BY m.id FOR NO KEY UPDATE OF m`,
    values: [ids, ids[0], ids.at(-1), clusterId],
  });
  const isAnother = ({ id, is_ours, topic }: Row) =>
    !is_ours || (topic !== null && (topicOf(id) ?? topic) !== topic);
  const other = rows.find(isAnother);
  if (other) throw new OfAnotherMessage(`${other.id} is a message of another cluster or topic`);
  for (const row of rows) known.set(row.id, knownOf(row));
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

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** The message of a row with `KNOWN_COLUMNS`, without its outcomes. */
export function knownOf(row: Omit<Row, 'is_ours'>): Known {
  const rest = (row.rest === null ? {} : JSON.parse(row.rest)) as MessageRest;
  const indexedAt = iso(row.indexed_at);
  const description: Partial<MessageDescription> = { ...rest.names };
  if (row.topic !== null) description.topic = row.topic;
  if (row.type) description.type = row.type;
  if (row.version) description.version = row.version;
  if (row.service) description.service = row.service;
  if (row.kind) description.kind = row.kind;
  if (row.key !== null) description.key = row.key;
  if (row.size !== null) description.size = row.size;
  const traceId = rest.traceId ?? row.trace?.replaceAll('-', '');
  if (traceId !== undefined) description.traceId = traceId;
  if (rest.producerId !== undefined) description.producerId = rest.producerId;
  const sentAt = iso(row.sent_at);
  if (sentAt !== null) description.sentAt = sentAt;
  return {
    row: {
      id: row.id,
      description,
      sentAt,
      committedAt: iso(row.committed_at),
      sendFailedAt: iso(row.send_failed_at),
      sendFailures: 0,
      sendError: null,
      firstAt: row.first_at.toISOString(),
    },
    shapeId: row.shape_id,
    own:
      row.topic !== null && row.partition !== null && row.offset !== null
        ? { topic: row.topic, partition: row.partition, offset: row.offset }
        : null,
    indexed: indexedAt === null ? null : { at: indexedAt, ...(rest.idHeaders ? { idHeaders: rest.idHeaders } : {}) },
    copies: row.copies,
    sendFailed: row.send_failed_at !== null,
    outcomes: new Map(),
  };
}
