import type { DeliveryRow } from '@/lib/domain/messages/fold';
import type { MessageDescription } from '@/lib/protocol/fact';
import type { PoolClient } from '@/lib/postgres';
import { mergeRows, sendRows, type Sent } from '../sql/binary-copy';
import type { Column } from '../sql/rows';
import type { Known } from './lock-known';
import type { Numbers } from './numbers';
import { earlier, later, named, newer, sum, where } from './sql-rules';

/** What a delivery's message is described as. */
type DescriptionOf = (messageId: string) => Partial<MessageDescription> | undefined;

/** Columns of `delivery` that are folded from facts. */
function deliveryColumns(numbers: Numbers, descriptionOf: DescriptionOf): Column<DeliveryRow>[] {
  return [
    { name: 'message_id', type: 'uuid', of: (row) => row.messageId },
    { name: 'first_at', type: 'timestamptz', of: (row) => row.firstAt },
    { name: 'last_at', type: 'timestamptz', of: (row) => row.lastAt },
    { name: 'outcome_at', type: 'timestamptz', of: (row) => row.detail?.at },
    { name: 'outcome', type: 'bigint', of: (row) => row.outcome },
    { name: 'group_id', type: 'int', of: (row) => numbers.groupOf(row.group) },
    { name: 'topic_id', type: 'int', of: (row) => numbers.topicOf(descriptionOf(row.messageId)?.topic) },
    { name: 'shape_id', type: 'int', of: (row) => numbers.shapeOf(descriptionOf(row.messageId) ?? NONE).id },
    { name: 'origin_id', type: 'int', of: ({ detail }) => detail && numbers.placeOf(detail).id },
    { name: 'attempts', type: 'int', of: (row) => row.attempts },
    { name: 'handled_count', type: 'int', of: (row) => row.handledCount },
    { name: 'attempt', type: 'int', of: (row) => row.detail?.attempt ?? null },
    { name: 'duration_ms', type: 'int', of: (row) => row.detail?.durationMs ?? null },
    { name: 'gave_up', type: 'bool', of: (row) => row.detail?.gaveUp ?? false },
    { name: 'outcome_fact', type: 'uuid', of: (row) => row.detail?.factId ?? null },
    { name: 'next_try_at', type: 'timestamptz', of: (row) => row.detail?.nextTryAt },
    { name: 'gave_up_to', type: 'text', of: (row) => row.detail?.gaveUpTo ?? null },
    { name: 'error_at', type: 'timestamptz', of: (row) => row.error?.at },
    { name: 'error_fact', type: 'uuid', of: (row) => row.error?.factId ?? null },
    { name: 'first_error_at', type: 'timestamptz', of: (row) => row.firstErrorAt },
    { name: 'overdue_at', type: 'timestamptz', of: (row) => row.overdueAt },
    { name: 'error_type', type: 'text', of: (row) => named(row.error?.value.type) },
    { name: 'error_message', type: 'text', of: (row) => row.error?.value.message ?? null },
    { name: 'names', type: 'text', of: ({ detail }) => namesOf(detail, numbers) },
  ];
}

const NONE = {};

function namesOf(detail: DeliveryRow['detail'], numbers: Numbers): string | null {
  if (!detail || !numbers.placeOf(detail).isOverflow) return null;
  return JSON.stringify({ host: detail.host, release: detail.release });
}

const DETAIL = [
  'outcome_at',
  'outcome_fact',
  'origin_id',
  'names',
  'attempt',
  'duration_ms',
  'next_try_at',
  'gave_up',
  'gave_up_to',
];
const BETTER = `excluded.outcome > delivery.outcome OR (excluded.outcome = delivery.outcome AND ${newer('delivery', 'outcome_at', 'outcome_fact')})`;

const DELIVERY_RULES = [
  ...later('delivery', ['outcome', 'last_at', 'topic_id']),
  'shape_id = excluded.shape_id',
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

/**
 * Writes deliveries of messages that are new or that the transaction holds, and joins those that are there.
 * @param descriptionOf of a message, as it is stored from now on
 */
export async function writeDeliveries(
  client: PoolClient,
  rows: readonly DeliveryRow[],
  numbers: Numbers,
  descriptionOf: DescriptionOf,
  known?: ReadonlyMap<string, Known>,
): Promise<void> {
  await (
    await sendDeliveries(client, rows, numbers, descriptionOf, known)
  ).done;
}

/** As `writeDeliveries`, once those that are new are sent. */
export async function sendDeliveries(
  client: PoolClient,
  rows: readonly DeliveryRow[],
  numbers: Numbers,
  descriptionOf: DescriptionOf,
  known?: ReadonlyMap<string, Known>,
): Promise<Sent> {
  const columns = deliveryColumns(numbers, descriptionOf);
  const isThere = (row: DeliveryRow) =>
    known?.get(row.messageId)?.outcomes.has(numbers.groupOf(row.group) ?? 0) === true;
  const before = rows.filter(isThere);
  const fresh = before.length === 0 ? rows : rows.filter((row) => !isThere(row));
  const sent: Sent =
    fresh.length > 0 ? await sendRows(client, 'delivery', columns, fresh) : { done: Promise.resolve() };
  if (before.length === 0) return sent;
  await sent.done;
  await mergeRows(client, 'delivery', columns, before, {
    key: 'message_id, group_id',
    onConflict: `DO UPDATE SET ${DELIVERY_RULES}`,
  });
  return sent;
}
