import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { groupName } from '@/lib/protocol/strings';
import { acknowledgeLosses } from '@/lib/store/groups/losses';
import { storedName } from '@/lib/store/names/catalog';
import { defineOperation } from '../operation';
import { groupIdOf } from './expect-no-members';

/** Acknowledges what a group lost up to a moment, so that it needs no attention for that any more. Later losses do. */
export const acknowledgeGroupLosses = defineOperation({
  name: 'groups.acknowledge-losses',
  permission: 'groups.manage',
  input: z.strictObject({
    name: groupName,
    upTo: z.iso.datetime({ error: 'a time as ISO 8601 in UTC, that of the newest loss that was seen' }),
  }),
  scope: ({ name }) => ({ group: name }),
  audit: ({ name, upTo }, { losses }: { losses: number }) => ({
    object: `group ${name}`,
    detail: { upTo, losses },
  }),
  async run(call, input): Promise<{ losses: number }> {
    const name = storedName(input.name);
    const groupId = await groupIdOf(call, name);
    const losses = await acknowledgeLosses(call.tx, groupId, new Date(input.upTo), call.actor.name);
    if (losses === 0)
      throw new CourierError(
        'conflict',
        `The group ${name} has no loss up to ${input.upTo} that is not acknowledged. Somebody else did it, or there is none.`,
      );
    return { losses };
  },
});
