import { prepared } from '../sql/prepared';
import type { DeliveryStatus } from '@/lib/domain/messages/status';
import type { Queryable } from '@/lib/postgres';

export interface StoredDelivery {
  messageId: string;
  groupId: number;
  group: string;
  outcome: number;
  status: DeliveryStatus;
  attempts: number;
  handledCount: number;
  firstAt: Date;
  lastAt: Date;
  attempt: number | null;
  durationMs: number | null;
  host: string | null;
  release: string | null;
  nextTryAt: Date | null;
  gaveUp: boolean;
  gaveUpTo: string | null;
  errorAt: Date | null;
  errorType: string | null;
  errorMessage: string | null;
  overdueAt: Date | null;
}

interface Row {
  message_id: string;
  group_id: number;
  group_name: string;
  outcome: string;
  status: DeliveryStatus;
  attempts: number;
  handled_count: number;
  first_at: Date;
  last_at: Date;
  attempt: number | null;
  duration_ms: number | null;
  host: string | null;
  release: string | null;
  next_try_at: Date | null;
  gave_up: boolean;
  gave_up_to: string | null;
  error_at: Date | null;
  error_type: string | null;
  error_message: string | null;
  overdue_at: Date | null;
}

/** Deliveries of messages of one day. @param table the day's `delivery_read` */
export async function readDeliveries(
  store: Queryable,
  table: string,
  messageIds: string[],
): Promise<StoredDelivery[]> {
  const { rows } = await store.query<Row>({
    ...prepared('deliveries', table),
    text: `SELECT d.message_id, d.group_id, d.outcome, d.status, d.attempts, d.handled_count, d.first_at, d.last_at, d.attempt, d.duration_ms,
             d.host, d.release, d.next_try_at, d.gave_up, d.gave_up_to, d.error_at, d.error_type, d.error_message, d.overdue_at,
             g.name AS group_name FROM ${table} d JOIN consumer_group g ON g.id = d.group_id
           WHERE d.message_id = ANY($1) ORDER BY d.message_id, g.name`,
    values: [messageIds],
  });
  return rows.map((row) => ({
    messageId: row.message_id,
    groupId: row.group_id,
    group: row.group_name,
    outcome: Number(row.outcome),
    status: row.status,
    attempts: row.attempts,
    handledCount: row.handled_count,
    firstAt: row.first_at,
    lastAt: row.last_at,
    attempt: row.attempt,
    durationMs: row.duration_ms,
    host: row.host,
    release: row.release,
    nextTryAt: row.next_try_at,
    gaveUp: row.gave_up,
    gaveUpTo: row.gave_up_to,
    errorAt: row.error_at,
    errorType: row.error_type,
    errorMessage: row.error_message,
    overdueAt: row.overdue_at,
  }));
}
