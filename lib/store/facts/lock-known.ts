import type { MessageRow } from '@/lib/domain/messages/fold';
import type { Fact, MessageDescription, MessageKind, Position } from '@/lib/protocol/fact';
import type { PoolClient } from '@/lib/postgres';
import type { Catalog, ShapeNames } from '../names/catalog';

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
  shape_id: number;
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

/**
 * Locks the rows of existing messages until the transaction ends, and reads what facts are joined with. Every writer of a
 * message's deliveries or refs holds its row, so none of this changes meanwhile.
 * @param ids in their order, in which all writers wait for each other
 * @param topicOf name of the topic that facts of this batch place a message on; undefined where they name none
 * @throws OfAnotherMessage
 */
export async function lockKnown(
  client: PoolClient,
  catalog: Catalog,
  ids: string[],
  topicOf: (id: string) => string | undefined = () => undefined,
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>();
  if (ids.length === 0) return known;
  const { rows } = await client.query<Row>({
    name: 'lock-known',
    // The bounds keep it to the partitions of the batch's own days.
    // Without names: of a row that was waited for, those of the row before would be joined.
    text: `SELECT id, shape_id, key, trace, size, sent_at, committed_at, indexed_at, first_at, send_failed_at, partition, "offset",
             copies, rest, cluster_id = $4 AS is_ours
           FROM message WHERE id = ANY($1) AND id >= $2 AND id <= $3 ORDER BY id FOR NO KEY UPDATE`,
    values: [ids, ids[0], ids.at(-1), catalog.clusterId],
  });
  const shapes = await catalog.shapesOf(rows.map((row) => row.shape_id));
  const isAnother = ({ id, is_ours, shape_id }: Row) => {
    const topic = shapes.get(shape_id)?.topic ?? null;
    return !is_ours || (topic !== null && (topicOf(id) ?? topic) !== topic);
  };
  const other = rows.find(isAnother);
  if (other) throw new OfAnotherMessage(`${other.id} is a message of another cluster or topic`);
  for (const row of rows) known.set(row.id, knownOf(row, shapes.get(row.shape_id)));
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

/** The message of a row, without its outcomes. */
function knownOf(row: Row, shape: ShapeNames | undefined): Known {
  const rest = (row.rest === null ? {} : JSON.parse(row.rest)) as MessageRest;
  const indexedAt = iso(row.indexed_at);
  const description: Partial<MessageDescription> = { ...rest.names };
  if (shape?.topic) description.topic = shape.topic;
  if (shape?.type) description.type = shape.type;
  if (shape?.version) description.version = shape.version;
  if (shape?.service) description.service = shape.service;
  if (shape?.kind) description.kind = shape.kind as MessageKind;
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
      shape?.topic && row.partition !== null && row.offset !== null
        ? { topic: shape.topic, partition: row.partition, offset: row.offset }
        : null,
    indexed:
      indexedAt === null ? null : { at: indexedAt, ...(rest.idHeaders ? { idHeaders: rest.idHeaders } : {}) },
    copies: row.copies,
    sendFailed: row.send_failed_at !== null,
    outcomes: new Map(),
  };
}
