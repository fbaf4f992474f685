import type { DeliveryRow, MessageRow } from '@/lib/domain/fold';
import { arraysOf, unnestOf, type Column } from '@/lib/store/rows';
import type { PoolClient } from '@/lib/postgres';

const date = (text: string | null | undefined) => (text ? new Date(text) : null);

/** Columns of `message` that facts say something of. */
export function messageColumns(clusterId: number, topics: Map<string, number>): Column<MessageRow>[] {
  return [
    { name: 'id', type: 'uuid', of: (row) => row.id },
    { name: 'cluster_id', type: 'smallint', of: () => clusterId },
    { name: 'topic_id', type: 'int', of: (row) => topics.get(row.description.topic ?? '') ?? null },
    { name: 'type', type: 'text', of: (row) => row.description.type ?? null },
    { name: 'version', type: 'text', of: (row) => row.description.version ?? null },
    { name: 'service', type: 'text', of: (row) => row.description.service ?? null },
    { name: 'kind', type: 'text', of: (row) => row.description.kind ?? null },
    { name: 'key', type: 'text', of: (row) => row.description.key ?? null },
    { name: 'trace_id', type: 'text', of: (row) => row.description.traceId ?? null },
    { name: 'size', type: 'int', of: (row) => row.description.size ?? null },
    { name: 'sent_at', type: 'timestamptz', of: (row) => date(row.sentAt) },
    { name: 'committed_at', type: 'timestamptz', of: (row) => date(row.committedAt) },
    { name: 'send_failed_at', type: 'timestamptz', of: (row) => date(row.sendFailedAt) },
    { name: 'send_failures', type: 'int', of: (row) => row.sendFailures },
    { name: 'send_error_at', type: 'timestamptz', of: (row) => date(row.sendError?.at) },
    { name: 'send_error_fact', type: 'uuid', of: (row) => row.sendError?.factId ?? null },
    { name: 'send_error_type', type: 'text', of: (row) => row.sendError?.value.type ?? null },
    { name: 'send_error_message', type: 'text', of: (row) => row.sendError?.value.message ?? null },
    { name: 'first_at', type: 'timestamptz', of: (row) => date(row.firstAt) },
    { name: 'last_at', type: 'timestamptz', of: (row) => date(row.lastAt) },
  ];
}

/** SET clauses by rule; each is the SQL twin of a join in lib/domain/fold.ts. */
const larger = (table: string, names: string[]) =>
  names.map((name) => `${name} = GREATEST(${table}.${name} COLLATE "C", excluded.${name} COLLATE "C")`);
const later = (table: string, names: string[]) =>
  names.map((name) => `${name} = GREATEST(${table}.${name}, excluded.${name})`);
const earlier = (table: string, names: string[]) =>
  names.map((name) => `${name} = LEAST(${table}.${name}, excluded.${name})`);
const sum = (table: string, names: string[]) =>
  names.map((name) => `${name} = ${table}.${name} + excluded.${name}`);
const where = (table: string, wins: string, names: string[]) =>
  names.map((name) => `${name} = CASE WHEN ${wins} THEN excluded.${name} ELSE ${table}.${name} END`);
/** The later fact wins; of two equally late ones the larger id. */
const newer = (table: string, at: string, fact: string) =>
  `excluded.${at} IS NOT NULL AND (${table}.${at} IS NULL OR (excluded.${at}, excluded.${fact}) > (${table}.${at}, ${table}.${fact}))`;

const MESSAGE_RULES = [
  ...larger('message', ['type', 'version', 'service', 'kind', 'key', 'trace_id']),
  ...later('message', ['topic_id', 'size', 'send_failed_at', 'last_at']),
  ...earlier('message', ['sent_at', 'committed_at', 'first_at']),
  ...sum('message', ['send_failures']),
  'joins = message.joins + 1',
  ...where('message', newer('message', 'send_error_at', 'send_error_fact'), [
    'send_error_at',
    'send_error_fact',
    'send_error_type',
    'send_error_message',
  ]),
].join(', ');

/** Joins rows into `message`, in the order given (by id). @returns ids of messages that were not known before */
export async function joinMessages(
  client: PoolClient,
  clusterId: number,
  rows: MessageRow[],
  topics: Map<string, number>,
): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const columns = messageColumns(clusterId, topics);
  const names = columns.map((column) => column.name).join(', ');
  const { rows: joined } = await client.query<{ id: string; fresh: boolean }>({
    name: 'join-messages',
    text: `INSERT INTO message (${names}) SELECT ${names} FROM ${unnestOf(columns)}
           ON CONFLICT (id) DO UPDATE SET ${MESSAGE_RULES} RETURNING id, joins = 0 AS fresh`,
    values: arraysOf(columns, rows),
  });
  return new Set(joined.filter((row) => row.fresh).map((row) => row.id));
}

/** Columns of `delivery` that facts say something of. */
export function deliveryColumns(groups: Map<string, number>): Column<DeliveryRow>[] {
  return [
    { name: 'message_id', type: 'uuid', of: (row) => row.messageId },
    { name: 'group_id', type: 'int', of: (row) => groups.get(row.group) ?? null },
    { name: 'outcome', type: 'bigint', of: (row) => row.outcome },
    { name: 'attempts', type: 'int', of: (row) => row.attempts },
    { name: 'handled_count', type: 'int', of: (row) => row.handledCount },
    { name: 'first_at', type: 'timestamptz', of: (row) => date(row.firstAt) },
    { name: 'last_at', type: 'timestamptz', of: (row) => date(row.lastAt) },
    { name: 'outcome_at', type: 'timestamptz', of: (row) => date(row.detail?.at) },
    { name: 'outcome_fact', type: 'uuid', of: (row) => row.detail?.factId ?? null },
    { name: 'attempt', type: 'int', of: (row) => row.detail?.attempt ?? null },
    { name: 'duration_ms', type: 'int', of: (row) => row.detail?.durationMs ?? null },
    { name: 'host', type: 'text', of: (row) => row.detail?.host ?? null },
    { name: 'release', type: 'text', of: (row) => row.detail?.release ?? null },
    { name: 'next_try_at', type: 'timestamptz', of: (row) => date(row.detail?.nextTryAt) },
    { name: 'gave_up', type: 'bool', of: (row) => row.detail?.gaveUp ?? false },
    { name: 'gave_up_to', type: 'text', of: (row) => row.detail?.gaveUpTo ?? null },
    { name: 'error_at', type: 'timestamptz', of: (row) => date(row.error?.at) },
    { name: 'error_fact', type: 'uuid', of: (row) => row.error?.factId ?? null },
    { name: 'error_type', type: 'text', of: (row) => row.error?.value.type ?? null },
    { name: 'error_message', type: 'text', of: (row) => row.error?.value.message ?? null },
    { name: 'first_error_at', type: 'timestamptz', of: (row) => date(row.firstErrorAt) },
    { name: 'overdue_at', type: 'timestamptz', of: (row) => date(row.overdueAt) },
  ];
}

const DETAIL = [
  'outcome_at',
  'outcome_fact',
  'attempt',
  'duration_ms',
  'host',
  'release',
  'next_try_at',
  'gave_up',
  'gave_up_to',
];
const BETTER = `excluded.outcome > delivery.outcome OR (excluded.outcome = delivery.outcome AND ${newer('delivery', 'outcome_at', 'outcome_fact')})`;

const DELIVERY_RULES = [
  ...later('delivery', ['outcome', 'last_at']),
  ...earlier('delivery', ['first_at', 'first_error_at', 'overdue_at']),
  ...sum('delivery', ['attempts', 'handled_count']),
  ...where('delivery', BETTER, DETAIL),
  ...where('delivery', newer('delivery', 'error_at', 'error_fact'), [
    'error_at',
    'error_fact',
    'error_type',
    'error_message',
  ]),
].join(', ');

/** Joins rows into `delivery`, in the order given (by message id, after the message rows). */
export async function joinDeliveries(
  client: PoolClient,
  rows: DeliveryRow[],
  groups: Map<string, number>,
): Promise<void> {
  if (rows.length === 0) return;
  const columns = deliveryColumns(groups);
  const names = columns.map((column) => column.name).join(', ');
  await client.query({
    name: 'join-deliveries',
    text: `INSERT INTO delivery (${names}) SELECT ${names} FROM ${unnestOf(columns)}
           ON CONFLICT (message_id, group_id) DO UPDATE SET ${DELIVERY_RULES}`,
    values: arraysOf(columns, rows),
  });
}

/**
 * Sets the status of messages from their deliveries: the SQL twin of `statusOfMessage`. A statement of its own, so that
 * it sees what a transaction that held the message rows before has committed.
 */
export async function settleStatuses(client: PoolClient, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await client.query({
    name: 'settle-statuses',
    text: `UPDATE message m SET status = s.status FROM (
             SELECT m.id, CASE
               WHEN m.committed_at IS NULL AND m.send_failures > 0 AND count(d.*) = 0 THEN 'SEND_FAIL'
               WHEN bool_or(d.status = 'HANDLE_FAIL') THEN 'HANDLE_FAIL'
               WHEN bool_or(d.status = 'PUSH_FAIL') THEN 'PUSH_FAIL'
               WHEN bool_and(d.status = 'HANDLED') THEN 'HANDLED'
               ELSE 'COMMITTED' END AS status
             FROM message m LEFT JOIN delivery d ON d.message_id = m.id
             WHERE m.id = ANY($1) GROUP BY m.id
           ) s WHERE m.id = s.id AND m.id = ANY($1) AND m.status IS DISTINCT FROM s.status`,
    values: [ids],
  });
}
