import { segmentsOf } from '@/lib/domain/search/words';
import type { MessageRow } from '@/lib/domain/messages/fold';
import type { PoolClient } from '@/lib/postgres';
import { mergeRows, sendRows, type Sent } from '../sql/binary-copy';
import type { Column } from '../sql/rows';
import type { Known, MessageRest } from './lock-known';
import type { Numbers } from './numbers';
import { SHAPE_NAMES, uuidOfTrace } from './pack-fact';
import type { MessagePlan } from './plan-messages';
import { hashOfRef } from './refs';
import { named, newer, sum, where } from './sql-rules';

function messageColumns(numbers: Numbers): Column<MessagePlan>[] {
  return [
    { name: 'id', type: 'uuid', of: ({ row }) => row.id },
    { name: 'sent_at', type: 'timestamptz', of: ({ row }) => row.sentAt },
    { name: 'committed_at', type: 'timestamptz', of: ({ row }) => row.committedAt },
    { name: 'indexed_at', type: 'timestamptz', of: ({ indexed }) => indexed?.at },
    { name: 'first_at', type: 'timestamptz', of: ({ row }) => row.firstAt },
    { name: 'send_failed_at', type: 'timestamptz', of: ({ row }) => row.sendFailedAt },
    { name: '"offset"', type: 'bigint', of: ({ own }) => own?.offset },
    { name: 'segment', type: 'bigint', of: ({ row }) => segmentHash(row.description.key) },
    { name: 'topic_id', type: 'int', of: ({ row }) => numbers.topicOf(row.description.topic) },
    { name: 'shape_id', type: 'int', of: ({ row }) => numbers.shapeOf(row.description).id },
    { name: 'size', type: 'int', of: ({ row }) => row.description.size },
    { name: 'partition', type: 'int', of: ({ own }) => own?.partition },
    { name: 'copies', type: 'int', of: ({ copies }) => copies },
    { name: 'cluster_id', type: 'smallint', of: () => numbers.clusterId },
    { name: 'trace', type: 'uuid', of: ({ row }) => uuidOfTrace(row.description.traceId) },
    { name: 'key', type: 'text', of: ({ row }) => row.description.key },
    { name: 'rest', type: 'text', of: (plan) => restOf(plan, numbers) },
  ];
}

function segmentHash(key: string | undefined): bigint | null {
  const [first] = segmentsOf(key ?? '');
  return first === undefined ? null : hashOfRef('segment', first);
}

function restOf({ row, indexed }: MessagePlan, numbers: Numbers): string | null {
  const { description } = row;
  const { traceId, producerId } = description;
  const isOverflow = numbers.shapeOf(description).isOverflow;
  const hasOddTrace = traceId !== undefined && uuidOfTrace(traceId) === null;
  if (!indexed?.idHeaders && producerId === undefined && !hasOddTrace && !isOverflow) return null;
  const rest: MessageRest = {};
  if (indexed?.idHeaders) rest.idHeaders = indexed.idHeaders;
  if (producerId !== undefined) rest.producerId = producerId;
  if (hasOddTrace) rest.traceId = traceId;
  if (isOverflow) {
    rest.names = {};
    for (const name of SHAPE_NAMES) if (description[name]) rest.names[name] = description[name] as never;
  }
  return JSON.stringify(rest);
}

/**
 * Writes messages that are not there yet.
 * @throws a repeated key (23505) when another writer was quicker with one of them
 */
export async function addMessages(
  client: PoolClient,
  plans: readonly MessagePlan[],
  numbers: Numbers,
  receivedAtOf?: (id: string) => Date | undefined,
): Promise<void> {
  await (
    await sendMessages(client, plans, numbers, receivedAtOf)
  ).done;
}

/** As `addMessages`, once they are sent. */
export async function sendMessages(
  client: PoolClient,
  plans: readonly MessagePlan[],
  numbers: Numbers,
  receivedAtOf?: (id: string) => Date | undefined,
): Promise<Sent> {
  if (plans.length === 0) return { done: Promise.resolve() };
  const columns = messageColumns(numbers);
  // Without a time of its own, a message was received when its row is written.
  if (receivedAtOf)
    columns.push({
      name: 'received_at',
      type: 'timestamptz',
      of: ({ row }) => receivedAtOf(row.id) ?? new Date(),
    });
  return sendRows(client, 'message', columns, plans);
}

/** Replaces messages that the transaction holds. */
export async function replaceMessages(
  client: PoolClient,
  plans: readonly MessagePlan[],
  numbers: Numbers,
): Promise<void> {
  if (plans.length === 0) return;
  const columns = messageColumns(numbers);
  const set = columns.slice(1).map(({ name }) => `${name} = excluded.${name}`);
  await mergeRows(client, 'message', columns, plans, {
    key: 'id',
    onConflict: `DO UPDATE SET ${set.join(', ')}`,
  });
}

/** Whether joining facts changed anything that is stored of a message. */
export function isChanged(known: Known, plan: MessagePlan): boolean {
  const [a, b] = [known.row, plan.row];
  if (a.sentAt !== b.sentAt || a.committedAt !== b.committedAt || a.sendFailedAt !== b.sendFailedAt)
    return true;
  if (a.firstAt !== b.firstAt || known.copies !== plan.copies) return true;
  if ((known.own === null) !== (plan.own === null)) return true;
  if (known.indexed?.at !== plan.indexed?.at) return true;
  for (const name of DESCRIBED) if (a.description[name] !== b.description[name]) return true;
  return false;
}

/** Fields of a description that a message has columns for; its time is a column that the rules of times join. */
const DESCRIBED = [
  'topic',
  'type',
  'version',
  'service',
  'kind',
  'key',
  'size',
  'traceId',
  'producerId',
] as const;

const FAILURE_COLUMNS: Column<MessageRow>[] = [
  { name: 'message_id', type: 'uuid', of: (row) => row.id },
  { name: 'error_at', type: 'timestamptz', of: (row) => row.sendError?.at },
  { name: 'error_fact', type: 'uuid', of: (row) => row.sendError?.factId ?? null },
  { name: 'failures', type: 'int', of: (row) => row.sendFailures },
  { name: 'error_type', type: 'text', of: (row) => named(row.sendError?.value.type) },
  { name: 'error_message', type: 'text', of: (row) => row.sendError?.value.message ?? null },
];

/** Joins failed sends into those that are stored. @param rows what facts of this batch add up to */
export async function addSendFailures(client: PoolClient, rows: readonly MessageRow[]): Promise<void> {
  const failed = rows.filter((row) => row.sendFailures > 0);
  if (failed.length === 0) return;
  const rules = [
    ...sum('send_failure', ['failures']),
    ...where('send_failure', newer('send_failure', 'error_at', 'error_fact'), [
      'error_at',
      'error_fact',
      'error_type',
      'error_message',
    ]),
  ];
  await mergeRows(client, 'send_failure', FAILURE_COLUMNS, failed, {
    key: 'message_id',
    onConflict: `DO UPDATE SET ${rules.join(', ')}`,
  });
}

/** Sets topic and shape in the deliveries of messages of which more is known than before. */
export async function updateShapeOfDeliveries(
  client: PoolClient,
  plans: readonly MessagePlan[],
  numbers: Numbers,
): Promise<void> {
  const ids = plans.map(({ row }) => row.id).sort();
  if (ids.length === 0) return;
  await client.query({
    name: 'shape-of-deliveries',
    text: `UPDATE delivery d SET topic_id = r.topic_id, shape_id = r.shape_id
           FROM unnest($1::uuid[], $2::int[], $5::int[]) AS r (id, topic_id, shape_id)
           WHERE d.message_id = r.id AND d.message_id >= $3 AND d.message_id <= $4`,
    values: [
      plans.map(({ row }) => row.id),
      plans.map(({ row }) => numbers.topicOf(row.description.topic)),
      ids[0],
      ids.at(-1),
      plans.map(({ row }) => numbers.shapeOf(row.description).id),
    ],
  });
}
