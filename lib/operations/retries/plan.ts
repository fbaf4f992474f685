import { createHash } from 'node:crypto';
import { groupBy } from '@/lib/values/group-by';
import { generationOfOutcome, isFailing } from '@/lib/domain/messages/status';
import type { Overwrites } from '@/lib/contract/retries';
import type { ItemReason } from '@/lib/domain/retries/retry';
import { CourierError } from '@/lib/errors';
import { findNewerRecords, type NewerState } from '@/lib/engine/sending/newer-records';
import { readTargets } from '@/lib/store/groups/read-targets';
import { readDeliveries, type StoredDelivery } from '@/lib/store/messages/read-deliveries';
import { readTopics } from '@/lib/store/messages/read-topics';
import { readClaims } from '@/lib/store/retries/claims';
import type { Context } from '@/lib/context/context';
import { groupIdOf, groupsOf, selectedIds, type SelectedDeliveries } from './selection';

/** What a retry would do with one delivery. */
export interface PlannedItem {
  messageId: string;
  group: string;
  groupId: number;
  /** The message's key; null for none. */
  key: string | null;
  /** How often its group tried it. */
  attempts: number;
  targetTopic: string;
  /** Whether the target is the group's own retry topic, so that no other reader sees the message again. */
  alone: boolean;
  /** Other groups that read the target and will see the message again; empty where the group is reached alone. */
  others: string[];
  generation: number;
  courierRetryId: string;
  /** Why it will be skipped, or null. */
  skip: Extract<ItemReason, 'being_retried' | 'not_failing' | 'would_overwrite'> | null;
  /** Of `would_overwrite`: what would be lost. */
  overwrites: Overwrites | null;
  /** The retry under way that has it. */
  retriedBy: { operator: string; at: Date; retryId: string } | null;
}

export interface RetryPlan {
  items: PlannedItem[];
  /** Whether more fail than one retry takes. */
  more: boolean;
}

/**
 * Plans a retry: where each delivery will be sent, who else will see it, and what is skipped. It takes a few queries for
 * each group, however many messages there are.
 * @param overwrite topics on which a person agreed to make an old record the newest of its key
 * @throws CourierError not_found for a group that is not known, and for a message without a delivery to a named group
 */
export async function planRetry(
  context: Context,
  selected: SelectedDeliveries,
  overwrite: readonly string[] = [],
): Promise<RetryPlan> {
  const { ids, more } = await selectedIds(context, selected);
  const tables = await context.partitions.split('delivery_read', ids);
  const [topics, ...lists] = await Promise.all([
    readTopics(context.store, context.cluster.id, ids),
    ...[...tables].map(([table, some]) => readDeliveries(context.store, table, some)),
  ]);
  const deliveries = lists.flat();
  if ('messageId' in selected) requireDeliveries(selected, topics.size > 0, deliveries);
  const items: PlannedItem[] = [];
  for (const group of groupsOf(selected)) {
    const groupId = await groupIdOf(context, group);
    const own = deliveries.filter(
      (delivery) => delivery.groupId === groupId && topics.has(delivery.messageId),
    );
    const [claims, ways] = await Promise.all([
      readClaims(context.store, groupId, ids),
      waysTo(context, groupId, [...topics.values()]),
    ]);
    const byId = new Map(own.map((delivery) => [delivery.messageId, delivery]));
    for (const messageId of ids) {
      const topic = topics.get(messageId);
      const delivery = byId.get(messageId);
      if (!topic || !delivery) continue;
      const { targetTopic, alone, others } = ways.get(topic.id) ?? {
        targetTopic: topic.name,
        alone: false,
        others: [],
      };
      const before = Math.max(generationOfOutcome(delivery.outcome), claims.generations.get(messageId) ?? 0);
      const retriedBy = claims.active.get(messageId) ?? null;
      items.push({
        messageId,
        group,
        groupId,
        key: topic.key,
        attempts: delivery.attempts,
        targetTopic,
        alone,
        others,
        generation: before + 1,
        courierRetryId: retryIdOf(messageId, group, targetTopic, before + 1),
        retriedBy,
        overwrites: null,
        skip: retriedBy ? 'being_retried' : isFailing(delivery.status) ? null : 'not_failing',
      });
    }
  }
  await skipOverwriting(context, items, overwrite);
  return { items, more };
}

/**
 * Skips what has a newer record of its key on a topic with other readers. On a compacted topic only the older state would be
 * left after compaction; on any other every reader would get it after the newer one.
 */
async function skipOverwriting(
  context: Context,
  items: PlannedItem[],
  overwrite: readonly string[],
): Promise<void> {
  const open = items.filter(
    (item) => item.skip === null && !item.alone && !overwrite.includes(item.targetTopic),
  );
  for (const [topic, some] of groupBy(open, (item) => item.targetTopic)) {
    // Without the right to read its settings a topic may be compacted.
    const settings = await context.broker.topicSettings(topic).catch(() => ({ compacted: true }));
    const isCompacted = settings?.compacted ?? false;
    const ids = [...new Set(some.map((item) => item.messageId))];
    // While the broker does not answer, nothing behind the messages can be read.
    const states = await findNewerRecords(context, { topic, isCompacted }, ids).catch((error: unknown) => {
      if (error instanceof CourierError) return new Map<string, NewerState>();
      throw error;
    });
    for (const item of some) {
      const newer = states.get(item.messageId);
      if (newer?.state === 'none') continue;
      item.skip = 'would_overwrite';
      item.overwrites = { isCompacted, position: newer?.position ?? null };
    }
  }
}

/** @throws CourierError not_found for a message that is not known, and for a group that it has no delivery to */
function requireDeliveries(
  { messageId, groups }: { messageId: string; groups: string[] },
  isKnown: boolean,
  deliveries: StoredDelivery[],
): void {
  if (!isKnown) throw new CourierError('not_found', `There is no message ${messageId}.`);
  const known = deliveries.map((delivery) => delivery.group);
  const missing = groups.find((group) => !known.includes(group));
  if (missing === undefined) return;
  throw new CourierError(
    'not_found',
    `The message ${messageId} has no delivery to ${missing}; it has deliveries to: ${known.join(', ') || 'none'}.`,
  );
}

type Way = Pick<PlannedItem, 'targetTopic' | 'alone' | 'others'>;

/** Where the group is reached from each topic, and which other groups read there. */
async function waysTo(
  context: Context,
  groupId: number,
  topics: { id: number; name: string }[],
): Promise<Map<number, Way>> {
  const ways = new Map<number, Way>();
  for (const [id, [topic]] of groupBy(topics, (item) => item.id)) {
    const targets = await readTargets(context.store, context.cluster.id, id, topic?.name ?? '');
    const own = targets.find((target) => target.groupId === groupId);
    const alone = own?.retryReady === true && own.retryTopic !== null;
    ways.set(id, {
      alone,
      targetTopic: alone && own.retryTopic !== null ? own.retryTopic : (topic?.name ?? ''),
      others: alone
        ? []
        : targets.filter((target) => target.groupId !== groupId).map((target) => target.group),
    });
  }
  return ways;
}

/** The id that every copy of one retry of one delivery carries, so that it can be found on its target. */
function retryIdOf(messageId: string, group: string, targetTopic: string, generation: number): string {
  return createHash('sha256')
    .update(`${messageId}\n${group}\n${targetTopic}\n${generation}`)
    .digest('hex')
    .slice(0, 32);
}
