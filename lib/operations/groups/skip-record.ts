import { z } from 'zod';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import { CourierError } from '@/lib/errors';
import { groupName, offsetText, reason, text } from '@/lib/protocol/strings';
import { newUuidV7 } from '@/lib/protocol/uuid';
import { readLagNow } from '@/lib/store/lag/read-lag';
import { skipStateOf } from '@/lib/domain/groups/skip';
import { hasLiveInstance, insertSkip, readSkips } from '@/lib/store/groups/skips';
import { defineOperation } from '../operation';
import { groupNow } from './group-now';

/** Commands of a group that are compared with a new one. */
const MAX_OPEN = 100;

/**
 * Has the member that works on a record give it up: it goes to the dead-letter topic of its group, and the records behind it are
 * read. The command travels in the answers to heartbeats, so only groups of the SDK take it.
 */
export const skipRecord = defineOperation({
  name: 'groups.skip-record',
  permission: 'groups.manage',
  input: z.strictObject({
    name: groupName,
    topic: text(249),
    partition: z.int().min(0),
    offset: offsetText,
    reason: reason.optional(),
  }),
  scope: ({ name, topic }) => ({ group: name, topic }),
  audit: ({ name, topic, partition, offset, ...input }, { id }: { id: string }) => ({
    object: `group ${name}`,
    reason: input.reason ?? null,
    detail: { skip: id, topic, partition, offset },
  }),
  async run(call, { name, topic, partition, offset, ...input }): Promise<{ id: string }> {
    const group = await groupNow(call, name);
    const row = (await readLagNow(call.tx, call.cluster.id, group.groupId)).find(
      (item) => item.topic === topic && item.partition === partition,
    );
    if (row?.committed !== BigInt(offset))
      throw new CourierError(
        'conflict',
        `${group.name} is not at ${topic}/${partition}/${offset} any more; its position is ${row?.committed ?? 'none'}.`,
      );
    const since = new Date(call.now().getTime() - SILENT_AFTER_MS);
    if (!(await hasLiveInstance(call.tx, call.cluster.id, group.name, since)))
      throw new CourierError(
        'conflict',
        `No instance of Courier's SDK reads as ${group.name} now, so nothing takes the command. Stop its members, then move its position past the record.`,
      );
    // Pressed twice, it is one command.
    const before = (await readSkips(call.tx, group.groupId, MAX_OPEN)).find(
      (skip) =>
        skip.topic === topic &&
        skip.partition === partition &&
        skip.offset === offset &&
        skipStateOf(skip, call.now()) === 'open',
    );
    if (before) return { id: before.id };
    const id = newUuidV7(call.now().getTime());
    await insertSkip(call.tx, call.cluster.id, group.groupId, {
      id,
      topicId: row.topicId,
      partition,
      offset,
      operatorName: call.actor.name,
      reason: input.reason ?? null,
    });
    return { id };
  },
});
