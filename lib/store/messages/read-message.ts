import { prepared } from '../sql/prepared';
import type { Status } from '@/lib/domain/messages/status';
import type { Fact, MessageKind, Position } from '@/lib/protocol/fact';
import type { MessageRest } from '@/lib/store/facts/lock-known';
import { KIND_NUMBER } from '@/lib/store/facts/pack-fact';
import type { PartitionCatalog } from '../schema/partitions';
import type { Queryable } from '@/lib/postgres';

export interface StoredMessage {
  id: string;
  topic: string | null;
  topicId: number | null;
  type: string | null;
  version: string | null;
  service: string | null;
  kind: MessageKind | null;
  key: string | null;
  size: number | null;
  sentAt: Date | null;
  committedAt: Date | null;
  sendFailedAt: Date | null;
  sendFailures: number;
  sendErrorType: string | null;
  sendErrorMessage: string | null;
  copies: number;
  status: Status;
  firstAt: Date;
  receivedAt: Date;
  traceId: string | null;
  /** Its own place on the topic; null where it is not known. */
  place: { partition: number; offset: string } | null;
  /** What the index read at the message's own place; null where it did not, and where the former tables have it as a fact. */
  indexed: {
    at: Date;
    position: Position;
    idHeaders: Fact['idHeaders'];
    producerId: string | undefined;
  } | null;
}

export interface MessageSqlRow {
  id: string;
  topic: string | null;
  topic_id: number | null;
  type: string | null;
  version: string | null;
  service: string | null;
  kind: MessageKind | null;
  key: string | null;
  size: number | null;
  sent_at: Date | null;
  committed_at: Date | null;
  send_failed_at: Date | null;
  send_failures: number;
  send_error_type: string | null;
  send_error_message: string | null;
  copies: number;
  status: Status;
  first_at: Date;
  received_at: Date;
  trace_id: string | null;
  indexed_at: Date | null;
  partition: number | null;
  offset: string | null;
  rest: string | null;
}

/** Columns of `message_read m` and its topic `t`. */
export const MESSAGE_COLUMNS = `m.id, t.name AS topic, m.topic_id, m.type, m.version, m.service, m.kind, m.key, m.size, m.sent_at,
  m.committed_at, m.send_failed_at, m.send_failures, m.send_error_type, m.send_error_message, m.copies, m.status, m.first_at, m.received_at,
  m.trace_id, m.indexed_at, m.partition, m."offset", m.rest`;

export function messageOf(row: MessageSqlRow): StoredMessage {
  return {
    id: row.id,
    topic: row.topic,
    topicId: row.topic_id,
    type: row.type,
    version: row.version,
    service: row.service,
    kind: row.kind,
    key: row.key,
    size: row.size,
    sentAt: row.sent_at,
    committedAt: row.committed_at,
    sendFailedAt: row.send_failed_at,
    sendFailures: row.send_failures,
    sendErrorType: row.send_error_type,
    sendErrorMessage: row.send_error_message,
    copies: row.copies,
    status: row.status,
    firstAt: row.first_at,
    receivedAt: row.received_at,
    traceId: row.trace_id,
    place:
      row.partition === null || row.offset === null ? null : { partition: row.partition, offset: row.offset },
    indexed: indexedOf(row),
  };
}

function indexedOf(row: MessageSqlRow): StoredMessage['indexed'] {
  const { indexed_at: at, topic, partition, offset, rest } = row;
  if (at === null || topic === null || partition === null || offset === null) return null;
  const { idHeaders, producerId } = (rest === null ? {} : JSON.parse(rest)) as MessageRest;
  return { at, position: { topic, partition, offset }, idHeaders, producerId };
}

/** One message. @param table the day's `message_read` */
export async function readMessage(
  store: Queryable,
  table: string,
  clusterId: number,
  id: string,
): Promise<StoredMessage | null> {
  const { rows } = await store.query<MessageSqlRow>({
    ...prepared('message', table),
    text: `SELECT ${MESSAGE_COLUMNS} FROM ${table} m LEFT JOIN topic t ON t.id = m.topic_id WHERE m.id = $1 AND m.cluster_id = $2`,
    values: [id, clusterId],
  });
  return rows[0] ? messageOf(rows[0]) : null;
}

/**
 * Reads one message and whether it was ever retried, in one statement: the page of a message requests both at each refresh.
 * @param table the day's `message_read`
 */
export async function readMessageAndRetried(
  store: Queryable,
  table: string,
  clusterId: number,
  id: string,
): Promise<{ message: StoredMessage; isRetried: boolean } | null> {
  const { rows } = await store.query<MessageSqlRow & { is_retried: boolean }>({
    ...prepared('message and retried', table),
    text: `SELECT ${MESSAGE_COLUMNS}, EXISTS (SELECT 1 FROM retry_item i WHERE i.message_id = m.id) AS is_retried
           FROM ${table} m LEFT JOIN topic t ON t.id = m.topic_id WHERE m.id = $1 AND m.cluster_id = $2`,
    values: [id, clusterId],
  });
  const [row] = rows;
  return row ? { message: messageOf(row), isRetried: row.is_retried } : null;
}

/** Whether the index has read the record of a message itself. @param name of the relations of its day */
export async function wasIndexed(
  store: Queryable,
  name: (relation: 'message_read' | 'fact_read') => string,
  id: string,
): Promise<boolean> {
  const { rowCount } = await store.query({
    ...prepared('indexed', name('message_read')),
    text: `SELECT 1 FROM ${name('message_read')} WHERE id = $1 AND indexed_at IS NOT NULL
           UNION ALL SELECT 1 FROM ${name('fact_read')} WHERE message_id = $1 AND kind = ${KIND_NUMBER.indexed} LIMIT 1`,
    values: [id],
  });
  return (rowCount ?? 0) > 0;
}

/** Messages by their ids, in the order of the ids; those that are not there are left out. Each day is asked once. */
export async function readMessages(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  ids: string[],
): Promise<StoredMessage[]> {
  const lists = await Promise.all(
    [...(await partitions.split('message_read', ids))].map(async ([table, some]) => {
      const { rows } = await store.query<MessageSqlRow>({
        ...prepared('messages', table),
        text: `SELECT ${MESSAGE_COLUMNS} FROM ${table} m LEFT JOIN topic t ON t.id = m.topic_id
               WHERE m.id = ANY($1) AND m.cluster_id = $2`,
        values: [some, clusterId],
      });
      return rows;
    }),
  );
  const byId = new Map(lists.flat().map((row) => [row.id, row]));
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [messageOf(row)] : [];
  });
}
