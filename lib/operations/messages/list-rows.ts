import { groupBy } from '@/lib/values/group-by';
import { statusOfMessage, type DeliveryStatus } from '@/lib/domain/messages/status';
import { readStateOf, type ReadState } from '@/lib/domain/messages/read-past';
import { readPositions } from '@/lib/store/lag/read-positions';
import type { MessageListRow } from '@/lib/contract/messages';
import { readDeliveries, type StoredDelivery } from '@/lib/store/messages/read-deliveries';
import type { StoredMessage } from '@/lib/store/messages/read-message';
import type { Actor, Context } from '@/lib/context/context';
import { seesGroup } from '../scope';
import { detailOf } from './story';

const TROUBLE: Record<DeliveryStatus, number> = { HANDLE_FAIL: 3, PUSH_FAIL: 2, COMMITTED: 1, HANDLED: 0 };

/** Deliveries of messages. */
export async function deliveriesOf(context: Context, ids: string[]): Promise<StoredDelivery[]> {
  const tables = await context.partitions.split('delivery_read', ids);
  const lists = await Promise.all(
    [...tables].map(([table, some]) => readDeliveries(context.store, table, some)),
  );
  return lists.flat();
}

/**
 * Builds rows of messages with their deliveries, and with the positions of groups where no service reports on a message. A
 * limited actor sees those of its groups.
 * @param group the group whose delivery the status column shows
 */
export async function rowsWithDeliveries(
  context: Context & { actor?: Actor },
  messages: StoredMessage[],
  group: string | null,
): Promise<MessageListRow[]> {
  const deliveries = await deliveriesOf(
    context,
    messages.map((message) => message.id),
  );
  const { actor } = context;
  const isLimited = Boolean(actor?.scope?.groups);
  const sees = (name: string) => !isLimited || (actor !== undefined && seesGroup(actor, name));
  const seen = isLimited ? deliveries.filter((delivery) => sees(delivery.group)) : deliveries;
  const shown = isLimited ? messages.map((message) => withinDeliveries(message, seen)) : messages;
  const byMessage = groupBy(seen, (delivery) => delivery.messageId);
  const states = await readStates(
    context,
    shown.filter(({ id, status }) => status === 'COMMITTED' && !byMessage.has(id)),
    sees,
  );
  return shown.map((message) =>
    rowOf(message, byMessage.get(message.id) ?? [], group, states.get(message.id) ?? { kind: 'nobody' }),
  );
}

/** How far groups are with messages on which no service reports. */
async function readStates(
  { store }: Context,
  messages: readonly StoredMessage[],
  sees: (group: string) => boolean,
): Promise<Map<string, ReadState>> {
  const placed = messages.flatMap(({ id, topicId, place }) =>
    topicId !== null && place ? [{ id, topicId, ...place }] : [],
  );
  if (placed.length === 0) return new Map();
  const positions = (await readPositions(store, placed)).filter(({ group }) => sees(group));
  const byPlace = groupBy(positions, ({ topicId, partition }) => `${topicId}/${partition}`);
  return new Map(
    placed.map(({ id, topicId, partition, offset }) => {
      const read = (byPlace.get(`${topicId}/${partition}`) ?? []).map(({ group, committed }) => ({
        group,
        ahead: committed > BigInt(offset) ? -1 : Number(BigInt(offset) - committed),
      }));
      return [id, readStateOf(read)];
    }),
  );
}

/** A message with the status that some of its deliveries add up to. */
export function withinDeliveries(
  message: StoredMessage,
  deliveries: readonly StoredDelivery[],
): StoredMessage {
  const statuses = deliveries.filter(({ messageId }) => messageId === message.id).map(({ status }) => status);
  return {
    ...message,
    status: statusOfMessage(message.committedAt !== null, message.sendFailures > 0, statuses),
  };
}

function rowOf(
  message: StoredMessage,
  deliveries: StoredDelivery[],
  group: string | null,
  state: ReadState,
): MessageListRow {
  const sorted = [...deliveries].sort((a, b) => TROUBLE[b.status] - TROUBLE[a.status]);
  const shown = group === null ? sorted[0] : deliveries.find((delivery) => delivery.group === group);
  const open = sorted.filter((item) => item.status !== 'HANDLED');
  const failed =
    group === null
      ? deliveries
          .filter((delivery) => delivery.errorType !== null)
          .sort((a, b) => TROUBLE[b.status] - TROUBLE[a.status])[0]
      : shown?.errorType
        ? shown
        : undefined;
  return {
    id: message.id,
    status: group === null ? message.status : (shown?.status ?? message.status),
    detail: shown ? detailOf(shown, []) : message.status === 'COMMITTED' ? state : null,
    type: message.type,
    key: message.key,
    topic: message.topic,
    service: message.service,
    groupNames: deliveries.map((delivery) => delivery.group),
    groups: {
      handled: deliveries.length - open.length,
      total: deliveries.length,
      worst: open[0]?.group ?? null,
      more: Math.max(0, open.length - 1),
    },
    error: failed
      ? {
          type: failed.errorType ?? '',
          message: failed.errorMessage ?? '',
          group: failed.group,
          past: failed.status === 'HANDLED',
        }
      : message.sendErrorType !== null && message.status === 'SEND_FAIL'
        ? {
            type: message.sendErrorType,
            message: message.sendErrorMessage ?? '',
            group: message.service ?? '',
            past: false,
          }
        : null,
    attempts:
      group === null && deliveries.length > 0 && open.length === 0
        ? Math.max(...deliveries.map((delivery) => delivery.attempts))
        : (shown?.attempts ?? message.sendFailures),
    at: (message.sentAt ?? message.firstAt).toISOString(),
  };
}
