import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { LAST_ID, listMessages } from '@/lib/store/messages/list';
import { messageId } from '@/lib/protocol/fact-schema';
import { EMPTY_FILTER } from '../messages/filter';
import type { Context } from '@/lib/context/context';
import { text } from '@/lib/protocol/strings';

/** Messages that one retry may take; larger ones come with steps that stop by themselves. */
export const MAX_SELECTED = 1_000;
const name = text(255);

/** Deliveries of one group that a retry is for: messages by id, or all that fail as one failure. */
export const deliveriesSelected = z.union([
  z.strictObject({ group: name, messageIds: z.array(messageId).min(1).max(MAX_SELECTED) }),
  z.strictObject({ group: name, failure: z.strictObject({ type: name, error: name }) }),
]);
export type DeliveriesSelected = z.output<typeof deliveriesSelected>;

/**
 * Ids of the messages that are selected, in the order in which they were made. Of a failure with more messages than one
 * retry takes, the oldest: they wait longest.
 * @throws CourierError not_found for a group that nobody knows
 */
export async function selectedIds(
  context: Context,
  selected: DeliveriesSelected,
): Promise<{ groupId: number; ids: string[]; more: boolean }> {
  const groupId = await context.catalog.findGroup(selected.group);
  if (groupId < 0) throw new CourierError('not_found', `There is no consumer group ${selected.group}.`);
  if ('messageIds' in selected) {
    return { groupId, ids: [...new Set(selected.messageIds)].sort(), more: false };
  }
  const failing = await listMessages(
    context.store,
    context.partitions,
    {
      ...EMPTY_FILTER,
      clusterId: context.cluster.id,
      groupId,
      statuses: ['HANDLE_FAIL', 'PUSH_FAIL'],
      type: selected.failure.type,
      error: selected.failure.error,
    },
    LAST_ID,
    100_000,
  );
  const ids = failing.map((message) => message.id).sort();
  return { groupId, ids: ids.slice(0, MAX_SELECTED), more: ids.length > MAX_SELECTED };
}
