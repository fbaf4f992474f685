import { FAILING_DELIVERY } from '@/lib/domain/messages/status';
import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { LAST_ID } from '@/lib/store/messages/filter';
import { listMessages } from '@/lib/store/messages/list';
import { messageId } from '@/lib/protocol/fact-schema';
import { EMPTY_FILTER } from '../messages/filter';
import type { Context } from '@/lib/context/context';
import { text } from '@/lib/protocol/strings';

/** Messages that one retry may take; larger ones come with steps that stop by themselves. */
export const MAX_SELECTED = 1_000;
const name = text(255);

/** Deliveries of one message: those to the groups that are named. */
export const deliveriesOfMessage = z.strictObject({ messageId, groups: z.array(name).min(1).max(100) });

/** Deliveries to one group: of messages by id, or of all that fail as one failure. */
export const deliveriesOfGroup = z.union([
  z.strictObject({ group: name, messageIds: z.array(messageId).min(1).max(MAX_SELECTED) }),
  z.strictObject({ group: name, failure: z.strictObject({ type: name, error: name }) }),
]);

/** What a retry is for. One message is a selection of one. */
export const selectedDeliveries = z.union([deliveriesOfMessage, ...deliveriesOfGroup.options]);
export type SelectedDeliveries = z.output<typeof selectedDeliveries>;

/** Groups that a selection names. */
export function groupsOf(selected: SelectedDeliveries): string[] {
  return 'groups' in selected ? [...new Set(selected.groups)] : [selected.group];
}

/**
 * Ids of the messages that are selected, in the order in which they were made. Of a failure with more messages than one
 * retry takes, the oldest are taken: they wait longest.
 * @throws CourierError not_found for a group that is not known
 */
export async function selectedIds(
  context: Context,
  selected: SelectedDeliveries,
): Promise<{ ids: string[]; more: boolean }> {
  if ('messageId' in selected) return { ids: [selected.messageId], more: false };
  const groupId = await groupIdOf(context, selected.group);
  if ('messageIds' in selected) return { ids: [...new Set(selected.messageIds)].sort(), more: false };
  const failing = await listMessages(
    context.store,
    context.partitions,
    {
      ...EMPTY_FILTER,
      clusterId: context.cluster.id,
      groupId,
      statuses: [...FAILING_DELIVERY],
      columns: { type: selected.failure.type },
      error: selected.failure.error,
    },
    LAST_ID,
    100_000,
  );
  const ids = failing.map((message) => message.id).sort();
  return { ids: ids.slice(0, MAX_SELECTED), more: ids.length > MAX_SELECTED };
}

/** @throws CourierError not_found for a group that is not known */
export async function groupIdOf(context: Context, group: string): Promise<number> {
  const groupId = await context.catalog.findGroup(group);
  if (groupId < 0) throw new CourierError('not_found', `There is no consumer group ${group}.`);
  return groupId;
}
