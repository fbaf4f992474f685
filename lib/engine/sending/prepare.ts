import { headerOf, type RecordHeader } from '@/lib/brokers/broker';
import { CourierError } from '@/lib/errors';
import { HEADER } from '@/lib/protocol/headers';
import { parsePosition } from '@/lib/protocol/position';
import { roleOfTopic } from '@/lib/protocol/topics';
import { isStoreUnreachable } from '@/lib/postgres';
import { isOperatorActive } from '@/lib/store/operators/operators';
import { readItemBody } from '@/lib/store/retries/item-body';
import type { RetryItem } from '@/lib/store/retries/items';
import { refuse } from '@/lib/store/retries/ledger';
import { readOrigin } from '@/lib/store/retries/origin';
import type { Context } from '@/lib/context/context';
import { loadRecord, maySend, type LoadedRecord } from '../records/load-record';
import { hasTooManyHops, possibleDuplicate, retryHeaders } from './build-record';
import { mayReceive } from './may-receive';

/** What will be sent for an item, and where to. */
export interface Prepared {
  item: RetryItem;
  partition: number;
  key: Buffer | null;
  value: Buffer | null;
  /** As `OutgoingRecord`. */
  codec?: number | undefined;
  timestamp?: number | undefined;
  /** Headers of one send; `number` is 1 first. */
  headersOf(send: { number: number; possibleDuplicate: boolean }): RecordHeader[];
}

/** `ended`: it was refused with a reason. `later`: its record can't be read now. */
type Outcome = Prepared | 'ended' | 'later';

/** Prepares an item. One that can't be prepared, for whatever reason, does not keep the others from being sent. */
export async function prepare(context: Context, item: RetryItem): Promise<Outcome> {
  try {
    const { group } = item;
    return await (group === null ? prepareOwn(context, item) : prepareRetry(context, { ...item, group }));
  } catch (error) {
    if (isStoreUnreachable(error)) throw error;
    context.log.warn({ err: error, item: item.id }, 'an item could not be prepared; it is tried again');
    return 'later';
  }
}

/** A record that is on no topic yet, as it was accepted. */
async function prepareOwn(context: Context, item: RetryItem): Promise<Outcome> {
  const [body, { operatorId }] = await Promise.all([
    readItemBody(context.store, item.id),
    readOrigin(context.store, item, null),
  ]);
  if (!body) return refused(context, item, 'no_body');
  if (!(await isOperatorActive(context.store, operatorId))) return refused(context, item, 'operator_gone');
  const key = body.key ?? Buffer.from(item.messageId);
  const partition = item.targetPartition ?? (await context.broker.partitionFor(item.targetTopic, key));
  if (partition === null)
    throw new CourierError('not_found', `There is no topic ${item.targetTopic} on ${context.cluster.name}.`);
  return {
    item,
    partition,
    key: body.key,
    value: body.value,
    headersOf: (send) => [...body.headers, ...possibleDuplicate(send)],
  };
}

/** A message that is given to a group again. */
async function prepareRetry(context: Context, item: RetryItem & { group: string }): Promise<Outcome> {
  const { found, ...missing } = await loadRecord(context, item.messageId, item.group);
  // An absent broker ends nothing, nor does a missing right, which may be granted: the item waits.
  const isPassing =
    'why' in missing && (missing.why === 'broker_unreachable' || missing.why === 'not_readable');
  if (found === null && isPassing) return 'later';
  if (found === null || found.truncated || !maySend(found, item)) return refused(context, item, 'no_body');
  if (!(await mayReceive(context, item.group, found))) return refused(context, item, 'owner_may_not_read');
  const retryId = headerOf(found.headers, HEADER.retryId) ?? null;
  const origin = await readOrigin(context.store, item, retryId);
  const source = { isIssued: origin.isIssued, isDeadLetter: isDeadLetter(found) };
  if (origin.isIssued && hasTooManyHops(found)) return refused(context, item, 'too_many_hops');
  if (!(await isOperatorActive(context.store, origin.operatorId)))
    return refused(context, item, 'operator_gone');
  return {
    item,
    partition: await choosePartition(context, item, found),
    key: found.key,
    value: found.value,
    codec: found.codec,
    timestamp: origin.keepsTime ? found.timestamp?.getTime() : undefined,
    headersOf: (send) => retryHeaders(found, item, { ...send, ...source, origin: origin.topic }),
  };
}

/** Whether the bytes are of a dead letter, whose headers the SDK added to. */
function isDeadLetter(record: LoadedRecord): boolean {
  return roleOfTopic(parsePosition(record.position)?.topic ?? '') === 'dead_letter';
}

async function refused(
  context: Context,
  item: RetryItem,
  reason: Parameters<typeof refuse>[2],
): Promise<'ended'> {
  await refuse(context.store, item.id, reason);
  return 'ended';
}

/** The original topic takes the message where it was; a retry topic by its key, so that a key keeps its order. */
async function choosePartition(context: Context, item: RetryItem, record: LoadedRecord): Promise<number> {
  const original = parsePosition(record.original ?? record.position);
  if (original?.topic === item.targetTopic) return original.partition;
  const key = record.key ?? Buffer.from(item.messageId);
  return (await context.broker.partitionFor(item.targetTopic, key)) ?? 0;
}
