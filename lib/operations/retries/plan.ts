import { generationOfOutcome } from '@/lib/domain/messages/status';
import type { ItemReason } from '@/lib/domain/retries/retry';
import { CourierError } from '@/lib/errors';
import { readTargets, type RetryTarget } from '@/lib/store/groups/read-targets';
import { readDeliveries, type StoredDelivery } from '@/lib/store/messages/read-deliveries';
import { readMessage, type StoredMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/partitions';
import { lastGeneration } from '@/lib/store/retries/accept';
import { readItems } from '@/lib/store/retries/items';
import { ACTIVE } from '@/lib/domain/retries/retry';
import type { Context } from '@/lib/context/context';
import { isFailing, retryIdOf } from './plan-many';

/** What a retry of one delivery would do. */
export interface PlannedItem {
  delivery: StoredDelivery;
  targetTopic: string;
  /** Other groups that read the target and will see the message again; empty where the group is reached alone. */
  others: string[];
  generation: number;
  courierRetryId: string;
  /** Why it will be skipped, or null. */
  skip: ItemReason | null;
  retriedBy: { operator: string; at: Date } | null;
}

/**
 * The dry run: for each group, where the message will be sent and who will see it.
 * @throws CourierError not_found for a message or a group's delivery that is not there
 */
export async function planRetry(
  context: Context,
  messageId: string,
  groups: string[],
): Promise<{ message: StoredMessage; items: PlannedItem[] }> {
  const found = await inPartitionOf(context.partitions, messageId, async (name) => {
    const message = await readMessage(context.store, name('message'), context.cluster.id, messageId);
    return (
      message && { message, deliveries: await readDeliveries(context.store, name('delivery'), [messageId]) }
    );
  });
  if (!found) throw new CourierError('not_found', `There is no message ${messageId}.`);
  const targets = await readTargets(context.store, context.cluster.id, found.message.topicId);
  const active = (await readItems(context.store, { messageId })).filter((item) =>
    ACTIVE.includes(item.state),
  );
  const items: PlannedItem[] = [];
  for (const group of new Set(groups)) {
    const delivery = found.deliveries.find((delivery) => delivery.group === group);
    if (!delivery) {
      const known = found.deliveries.map((delivery) => delivery.group).join(', ') || 'none';
      throw new CourierError(
        'not_found',
        `The message ${messageId} has no delivery to ${group}; it has deliveries to: ${known}.`,
      );
    }
    const running = active.find((item) => item.groupId === delivery.groupId);
    items.push({
      ...(await planItem(context, found.message, delivery, targets)),
      retriedBy: running ? { operator: running.operator, at: running.createdAt } : null,
      skip: running ? 'being_retried' : isFailing(delivery) ? null : 'not_failing',
    });
  }
  return { message: found.message, items };
}

async function planItem(
  context: Context,
  message: StoredMessage,
  delivery: StoredDelivery,
  targets: RetryTarget[],
) {
  const own = targets.find((target) => target.groupId === delivery.groupId);
  const alone = own?.retryReady === true && own.retryTopic !== null;
  const targetTopic = alone && own.retryTopic !== null ? own.retryTopic : (message.topic ?? '');
  const others = alone
    ? []
    : targets.filter((target) => target.groupId !== delivery.groupId).map((target) => target.group);
  const before = Math.max(
    generationOfOutcome(delivery.outcome),
    await lastGeneration(context.store, message.id, delivery.groupId),
  );
  const generation = before + 1;
  const courierRetryId = retryIdOf(message.id, delivery.group, targetTopic, generation);
  return { delivery, targetTopic, others, generation, courierRetryId };
}
