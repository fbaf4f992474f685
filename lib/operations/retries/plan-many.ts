import { createHash } from 'node:crypto';
import { groupBy } from '@/lib/values/group-by';
import type { ItemReason } from '@/lib/domain/retries/retry';
import { generationOfOutcome } from '@/lib/domain/messages/status';
import { readTargets } from '@/lib/store/groups/read-targets';
import { readDeliveries, type StoredDelivery } from '@/lib/store/messages/read-deliveries';
import { readTopics } from '@/lib/store/messages/read-topics';
import { readClaims } from '@/lib/store/retries/claims';
import type { Context } from '@/lib/context/context';
import { selectedIds, type DeliveriesSelected } from './selection';

/** What a retry would do with one of many deliveries. */
export interface PlannedDelivery {
  messageId: string;
  targetTopic: string;
  /** Other groups that will see the message again. */
  others: string[];
  generation: number;
  courierRetryId: string;
  skip: ItemReason | null;
  retriedBy: { operator: string; at: Date; retryId: string } | null;
}

export interface ManyPlan {
  groupId: number;
  group: string;
  items: PlannedDelivery[];
  /** Whether more fail than one retry takes. */
  more: boolean;
}

/** The dry run of many deliveries of one group, in a few queries however many they are. */
export async function planMany(context: Context, selected: DeliveriesSelected): Promise<ManyPlan> {
  const { groupId, ids, more } = await selectedIds(context, selected);
  const tables = new Map<string, string[]>();
  for (const id of ids) {
    const table = await context.partitions.of('delivery', id);
    tables.set(table, [...(tables.get(table) ?? []), id]);
  }
  const [claims, topics, ...lists] = await Promise.all([
    readClaims(context.store, groupId, ids),
    readTopics(context.store, context.cluster.id, ids),
    ...[...tables].map(([table, list]) => readDeliveries(context.store, table, list)),
  ]);
  const deliveries = new Map(
    lists
      .flat()
      .filter((delivery) => delivery.groupId === groupId)
      .map((delivery) => [delivery.messageId, delivery]),
  );
  const ways = await waysTo(context, groupId, [...topics.values()]);
  const items = ids.flatMap((messageId): PlannedDelivery[] => {
    const topic = topics.get(messageId);
    const delivery = deliveries.get(messageId);
    if (!topic || !delivery) return [];
    const way = ways.get(topic.id) ?? { targetTopic: topic.name, others: [] };
    const generation =
      Math.max(generationOfOutcome(delivery.outcome), claims.generations.get(messageId) ?? 0) + 1;
    const retriedBy = claims.active.get(messageId) ?? null;
    return [
      {
        messageId,
        ...way,
        generation,
        courierRetryId: retryIdOf(messageId, selected.group, way.targetTopic, generation),
        retriedBy,
        skip: retriedBy ? 'being_retried' : isFailing(delivery) ? null : 'not_failing',
      },
    ];
  });
  return { groupId, group: selected.group, items, more };
}

/** Where the group is reached from each topic, and who else reads there. */
async function waysTo(context: Context, groupId: number, topics: { id: number; name: string }[]) {
  const ways = new Map<number, { targetTopic: string; others: string[] }>();
  for (const [id, [topic]] of groupBy(topics, (item) => item.id)) {
    const targets = await readTargets(context.store, context.cluster.id, id);
    const own = targets.find((target) => target.groupId === groupId);
    const alone = own?.retryReady === true && own.retryTopic !== null;
    ways.set(id, {
      targetTopic: alone && own.retryTopic !== null ? own.retryTopic : (topic?.name ?? ''),
      others: alone
        ? []
        : targets.filter((target) => target.groupId !== groupId).map((target) => target.group),
    });
  }
  return ways;
}

/** The id that every copy of one retry of one delivery carries, so that it can be found on its target. */
export function retryIdOf(messageId: string, group: string, targetTopic: string, generation: number): string {
  return createHash('sha256')
    .update(`${messageId}\n${group}\n${targetTopic}\n${generation}`)
    .digest('hex')
    .slice(0, 32);
}

/** Whether a delivery fails now. */
export function isFailing(delivery: StoredDelivery): boolean {
  return delivery.status === 'HANDLE_FAIL' || delivery.status === 'PUSH_FAIL';
}
