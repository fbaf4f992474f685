import { z } from 'zod';
import { effectOf } from '@/lib/domain/groups/position-move';
import { CourierError } from '@/lib/errors';
import { groupName } from '@/lib/protocol/strings';
import { newUuidV7 } from '@/lib/protocol/uuid';
import { readMove, type StoredMove } from '@/lib/store/groups/position-moves';
import { defineOperation } from '../operation';
import { groupNow } from './group-now';
import { partitionText } from '@/lib/protocol/position';
import { logsOf, moveId, refuseLive, writeMove } from './write-move';

/** Moves positions back to where a move took them from. A worker does it, if by then the group has not moved on. */
export const undoMove = defineOperation({
  name: 'groups.undo-move',
  permission: 'groups.manage',
  input: z.strictObject({ name: groupName, id: moveId }),
  scope: ({ name }) => ({ group: name }),
  audit: ({ name, id: undone }, { id: move }: { id: string }) => ({
    object: `group ${name}`,
    detail: { move, undoes: undone },
  }),
  prepare: (context, _, { name }) => refuseLive(context, name),
  async run(call, { name, id: undone }): Promise<{ id: string }> {
    const group = await groupNow(call, name);
    const before = await readMove(call.tx, group.groupId, undone);
    if (!before) throw new CourierError('not_found', `The group ${group.name} has no move ${undone}.`);
    if (before.state !== 'moved' || before.isUndone) throw new CourierError('conflict', whyNotUndone(before));
    const logs = await logsOf(call, before.partitions);
    const partitions = before.partitions.flatMap((item) => {
      const log = logs.get(partitionText(item));
      // The broker offers no way back to having no position.
      if (item.from === null || !log) return [];
      return [{ ...item, from: item.to, to: item.from, ...effectOf(item.to, item.from, log) }];
    });
    if (partitions.length === 0)
      throw new CourierError('conflict', `The group ${group.name} had no positions before this move.`);
    const move = newUuidV7(call.now().getTime());
    await writeMove(
      call,
      { id: move, groupId: group.groupId, target: { kind: 'undo' }, undoes: undone },
      partitions,
    );
    return { id: move };
  },
});

const whyNotUndone = ({ state, isUndone }: StoredMove) =>
  isUndone
    ? 'This move is undone already, or is about to be.'
    : `Only a move that was made can be undone; this one is ${state}.`;
