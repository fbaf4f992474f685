import { z } from 'zod';
import type { PartitionEnds } from '@/lib/brokers/broker';
import { effectOf } from '@/lib/domain/groups/position-move';
import { CourierError } from '@/lib/errors';
import { groupName, offsetText, reason, text } from '@/lib/protocol/strings';
import { defineOperation } from '../operation';
import { groupNow } from './group-now';
import { moveTarget } from './preview-move';
import { partitionText } from '@/lib/protocol/position';
import { logsOf, moveId, refuseLive, writeMove } from './write-move';

const place = z.strictObject({
  topic: text(249),
  partition: z.int().min(0),
  from: offsetText.nullable(),
  to: offsetText,
});

/**
 * Moves positions of a group as a preview listed them. What is written here a worker does, if by then the group still has no
 * members and its positions are where they were.
 */
export const movePositions = defineOperation({
  name: 'groups.move-positions',
  permission: 'groups.manage',
  input: z.strictObject({
    name: groupName,
    id: moveId,
    to: moveTarget,
    partitions: z
      .array(place)
      .min(1, { error: 'at least one partition' })
      .max(10_000)
      .refine((list) => new Set(list.map(partitionText)).size === list.length, {
        error: 'each partition once',
      }),
    reason: reason.optional(),
  }),
  scope: ({ name, partitions }) => ({
    group: name,
    topic: [...new Set(partitions.map(({ topic }) => topic))],
  }),
  audit: ({ name, id: move, to, partitions, ...input }) => ({
    object: `group ${name}`,
    reason: input.reason ?? null,
    detail: { move, to, partitions: partitions.slice(0, AUDITED) },
  }),
  async prepare(context, _, { name, partitions }): Promise<Map<string, PartitionEnds>> {
    await refuseLive(context, name);
    return logsOf(context, partitions);
  },
  async run(call, { name, id: move, to, partitions, ...input }, logs): Promise<{ id: string }> {
    const group = await groupNow(call, name);
    const effects = partitions.map((item) => {
      const log = logs.get(partitionText(item));
      if (!log)
        throw new CourierError(
          'not_found',
          `${partitionText(item)} is no partition that the broker returns now.`,
        );
      const offset = BigInt(item.to);
      if (offset < log.start || offset > log.end)
        throw new CourierError(
          'invalid_input',
          `The offset ${item.to} is outside of ${partitionText(item)}, which has ${log.start} to ${log.end}. Look at the preview again.`,
        );
      const from = item.from === null ? null : BigInt(item.from);
      return { ...item, from, to: offset, ...effectOf(from, offset, log) };
    });
    await writeMove(
      call,
      { id: move, groupId: group.groupId, target: to, undoes: null },
      effects,
      input.reason,
    );
    return { id: move };
  },
});

/** Partitions that an audit entry names; the move itself has all of them. */
const AUDITED = 100;
