import { prepared } from '../sql/prepared';
import type { Status } from '@/lib/domain/messages/status';
import type { MessageKind } from '@/lib/protocol/fact';
import type { RefKind } from '@/lib/store/facts/refs';
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
  lastAt: Date;
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
  last_at: Date;
}

/** Columns of `message m` and its topic `t`. */
export const MESSAGE_COLUMNS = `m.id, t.name AS topic, m.topic_id, m.type, m.version, m.service, m.kind, m.key, m.size, m.sent_at,
  m.committed_at, m.send_failed_at, m.send_failures, m.send_error_type, m.send_error_message, m.copies, m.status, m.first_at, m.last_at`;

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
    lastAt: row.last_at,
  };
}

/** One message from its partition. @param table name of the partition, from the partition catalog */
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
 * Reads one message, its refs and whether it was ever retried, in one statement: the page of a message requests all of
 * them at each refresh.
 * @param table name of the partition of messages
 * @param refTable name of that of the same day's refs
 */
export async function readMessageAndRefs(
  store: Queryable,
  table: string,
  refTable: string,
  clusterId: number,
  id: string,
): Promise<{ message: StoredMessage; refs: { kind: RefKind; value: string }[]; isRetried: boolean } | null> {
  const { rows } = await store.query<
    MessageSqlRow & { refs: [RefKind, string][] | null; is_retried: boolean }
  >({
    ...prepared('message and refs', table),
    text: `SELECT ${MESSAGE_COLUMNS}, (SELECT json_agg(json_build_array(r.kind, r.value) ORDER BY r.kind, r.value)
             FROM ${refTable} r WHERE r.message_id = m.id) AS refs,
             EXISTS (SELECT 1 FROM retry_item i WHERE i.message_id = m.id) AS is_retried
           FROM ${table} m LEFT JOIN topic t ON t.id = m.topic_id WHERE m.id = $1 AND m.cluster_id = $2`,
    values: [id, clusterId],
  });
  const [row] = rows;
  if (!row) return null;
  return {
    message: messageOf(row),
    refs: (row.refs ?? []).map(([kind, value]) => ({ kind, value })),
    isRetried: row.is_retried,
  };
}

/** Messages by their ids, in the order of the ids; those that are not there are left out. Each day is asked once. */
export async function readMessages(
  store: Queryable,
  partitions: PartitionCatalog,
  clusterId: number,
  ids: string[],
): Promise<StoredMessage[]> {
  const lists = await Promise.all(
    [...(await partitions.split('message', ids))].map(async ([table, some]) => {
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
