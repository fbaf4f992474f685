import type { DeliveryRow, Fold, MessageRow } from '@/lib/domain/messages/fold';
import { statusOfMessage, statusOfOutcome, type Status } from '@/lib/domain/messages/status';
import { roleOfTopic } from '@/lib/protocol/topics';
import { copyRows, mergeRows } from '../sql/binary-copy';
import type { Column } from '../sql/rows';
import type { PoolClient } from '@/lib/postgres';
import type { Known } from './lock-known';
import { topicOfPosition } from '@/lib/protocol/position';

/** Database ids of topics and groups by their names. */
export interface Ids {
  clusterId: number;
  topics: Map<string, number>;
  groups: Map<string, number>;
}

/** Columns of `message` that are folded from facts. */
function messageColumns({ clusterId, topics }: Ids, statuses: Map<string, Status>): Column<MessageRow>[] {
  return [
    { name: 'id', type: 'uuid', of: (row) => row.id },
    { name: 'cluster_id', type: 'smallint', of: () => clusterId },
    { name: 'topic_id', type: 'int', of: (row) => topics.get(row.description.topic ?? '') ?? null },
    { name: 'type', type: 'text', of: (row) => named(row.description.type) },
    { name: 'version', type: 'text', of: (row) => row.description.version ?? null },
    { name: 'service', type: 'text', of: (row) => row.description.service ?? null },
    { name: 'kind', type: 'text', of: (row) => row.description.kind ?? null },
    { name: 'key', type: 'text', of: (row) => row.description.key ?? null },
    { name: 'trace_id', type: 'text', of: (row) => row.description.traceId ?? null },
    { name: 'size', type: 'int', of: (row) => row.description.size ?? null },
    { name: 'sent_at', type: 'timestamptz', of: (row) => row.sentAt },
    { name: 'committed_at', type: 'timestamptz', of: (row) => row.committedAt },
    { name: 'send_failed_at', type: 'timestamptz', of: (row) => row.sendFailedAt },
    { name: 'send_failures', type: 'int', of: (row) => row.sendFailures },
    { name: 'send_error_at', type: 'timestamptz', of: (row) => row.sendError?.at },
    { name: 'send_error_fact', type: 'uuid', of: (row) => row.sendError?.factId ?? null },
    { name: 'send_error_type', type: 'text', of: (row) => named(row.sendError?.value.type) },
    { name: 'send_error_message', type: 'text', of: (row) => row.sendError?.value.message ?? null },
    { name: 'first_at', type: 'timestamptz', of: (row) => row.firstAt },
    { name: 'last_at', type: 'timestamptz', of: (row) => row.lastAt },
    { name: 'status', type: 'text', of: (row) => statuses.get(row.id) },
  ];
}

/** A type that pages list things by. An empty one is none: an address could not name it. */
const named = (type: string | undefined): string | null => (type === '' ? null : (type ?? null));

/** SET clauses by rule; each is the SQL twin of a join in lib/domain/messages/fold.ts. */
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
  'status = excluded.status',
  ...where('message', newer('message', 'send_error_at', 'send_error_fact'), [
    'send_error_at',
    'send_error_fact',
    'send_error_type',
    'send_error_message',
  ]),
].join(', ');

/**
 * Writes messages that are not there yet.
 * @throws a repeated key (23505) when another writer was quicker with one of them
 */
export async function addMessages(
  client: PoolClient,
  fold: Fold,
  rows: MessageRow[],
  ids: Ids,
): Promise<void> {
  if (rows.length === 0) return;
  const copiesOf = (id: string) =>
    [...(fold.positions.get(id) ?? [])].filter((text) => roleOfTopic(topicOfPosition(text)) === 'message')
      .length;
  const columns: Column<MessageRow>[] = [
    ...messageColumns(ids, statusesOf(fold, rows, ids)),
    { name: 'copies', type: 'int', of: (row) => copiesOf(row.id) },
  ];
  await copyRows(client, 'message', columns, rows);
}

/** Joins rows into messages that the transaction holds. */
export async function joinMessages(
  client: PoolClient,
  fold: Fold,
  rows: MessageRow[],
  ids: Ids,
  known: Map<string, Known>,
): Promise<void> {
  if (rows.length === 0) return;
  const columns = messageColumns(ids, statusesOf(fold, rows, ids, known));
  await mergeRows(client, 'message', columns, rows, {
    key: 'id',
    onConflict: `DO UPDATE SET ${MESSAGE_RULES}`,
  });
}

/** The statuses that the messages' own facts and what was known before add up to. */
function statusesOf(
  fold: Fold,
  rows: MessageRow[],
  ids: Ids,
  known?: Map<string, Known>,
): Map<string, Status> {
  const outcomes = new Map<string, Map<number, number>>();
  for (const { messageId, group, outcome } of fold.deliveries.values()) {
    let of = outcomes.get(messageId);
    if (!of) outcomes.set(messageId, (of = new Map(known?.get(messageId)?.outcomes)));
    const groupId = ids.groups.get(group) ?? 0;
    of.set(groupId, Math.max(of.get(groupId) ?? 0, outcome));
  }
  return new Map(
    rows.map((row) => {
      const before = known?.get(row.id);
      const of = outcomes.get(row.id) ?? before?.outcomes;
      const status = statusOfMessage(
        row.committedAt !== null || before?.committed === true,
        row.sendFailures > 0 || before?.sendFailed === true,
        of ? [...of.values()].map(statusOfOutcome) : [],
      );
      return [row.id, status];
    }),
  );
}

/** Columns of `delivery` that are folded from facts. */
function deliveryColumns({ groups }: Ids): Column<DeliveryRow>[] {
  return [
    { name: 'message_id', type: 'uuid', of: (row) => row.messageId },
    { name: 'group_id', type: 'int', of: (row) => groups.get(row.group) ?? null },
    { name: 'outcome', type: 'bigint', of: (row) => row.outcome },
    { name: 'attempts', type: 'int', of: (row) => row.attempts },
    { name: 'handled_count', type: 'int', of: (row) => row.handledCount },
    { name: 'first_at', type: 'timestamptz', of: (row) => row.firstAt },
    { name: 'last_at', type: 'timestamptz', of: (row) => row.lastAt },
    { name: 'outcome_at', type: 'timestamptz', of: (row) => row.detail?.at },
    { name: 'outcome_fact', type: 'uuid', of: (row) => row.detail?.factId ?? null },
    { name: 'attempt', type: 'int', of: (row) => row.detail?.attempt ?? null },
    { name: 'duration_ms', type: 'int', of: (row) => row.detail?.durationMs ?? null },
    { name: 'host', type: 'text', of: (row) => row.detail?.host ?? null },
    { name: 'release', type: 'text', of: (row) => row.detail?.release ?? null },
    { name: 'next_try_at', type: 'timestamptz', of: (row) => row.detail?.nextTryAt },
    { name: 'gave_up', type: 'bool', of: (row) => row.detail?.gaveUp ?? false },
    { name: 'gave_up_to', type: 'text', of: (row) => row.detail?.gaveUpTo ?? null },
    { name: 'error_at', type: 'timestamptz', of: (row) => row.error?.at },
    { name: 'error_fact', type: 'uuid', of: (row) => row.error?.factId ?? null },
    { name: 'error_type', type: 'text', of: (row) => named(row.error?.value.type) },
    { name: 'error_message', type: 'text', of: (row) => row.error?.value.message ?? null },
    { name: 'first_error_at', type: 'timestamptz', of: (row) => row.firstErrorAt },
    { name: 'overdue_at', type: 'timestamptz', of: (row) => row.overdueAt },
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

/** Writes deliveries of messages that are new or that the transaction holds, and joins those that are there. */
export async function writeDeliveries(
  client: PoolClient,
  rows: DeliveryRow[],
  ids: Ids,
  known?: Map<string, Known>,
): Promise<void> {
  const columns = deliveryColumns(ids);
  const isThere = (row: DeliveryRow) =>
    known?.get(row.messageId)?.outcomes.has(ids.groups.get(row.group) ?? 0) === true;
  const before = rows.filter(isThere);
  const fresh = before.length === 0 ? rows : rows.filter((row) => !isThere(row));
  if (fresh.length > 0) await copyRows(client, 'delivery', columns, fresh);
  if (before.length === 0) return;
  await mergeRows(client, 'delivery', columns, before, {
    key: 'message_id, group_id',
    onConflict: `DO UPDATE SET ${DELIVERY_RULES}`,
  });
}
