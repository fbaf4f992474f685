import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { text } from '@/lib/protocol/strings';
import { moveGroup } from '@/lib/store/services/owners';
import { approveRetryTopic } from '@/lib/store/services/retry-topics';
import { isServiceKnown } from '@/lib/store/services/services';
import { defineOperation, type Call } from '../operation';
import { ownedGroup } from '@/lib/context/group-owners';

interface Moved {
  /** The owner before; null where there was none. */
  before: string | null;
}

/** Gives a group to a service. From then on Courier accepts reports about the group from this service only. */
export const moveGroupToService = defineOperation({
  name: 'groups.move',
  permission: 'groups.manage',
  input: z.strictObject({ name: text(255), service: text(100) }),
  scope: ({ name }) => ({ group: name }),
  audit: ({ name, service }, { before }: Moved) => ({
    object: `group ${name}`,
    detail: { owner: service, before },
  }),
  async run(call, { name, service }): Promise<Moved> {
    if (!(await isServiceKnown(call.tx, service))) throw unknownService(service);
    const before = await moveGroup(call.tx, call.cluster.id, ownedGroup(name), service);
    if (before === undefined) throw unknownGroup(call, name);
    call.owners.forget();
    return { before };
  },
});

/** Approves a retry topic that is not the group's own: retries of the group may be sent there. */
export const approveGroupRetryTopic = defineOperation({
  name: 'groups.approve-retry-topic',
  permission: 'groups.manage',
  input: z.strictObject({ name: text(255), topic: text(249) }),
  scope: ({ name, topic }) => ({ group: name, topic }),
  audit: ({ name, topic }) => ({ object: `group ${name}`, detail: { retryTopic: topic } }),
  async run(call, { name, topic }): Promise<Record<string, never>> {
    if (!(await approveRetryTopic(call.tx, call.cluster.id, name, topic, call.actor.name)))
      throw unknownGroup(call, name);
    return {};
  },
});

function unknownGroup(call: Call, name: string): CourierError {
  return new CourierError(
    'not_found',
    `There is no group ${JSON.stringify(name)} on ${call.cluster.name}: it is known once it has committed or announced itself.`,
  );
}

function unknownService(name: string): CourierError {
  return new CourierError(
    'not_found',
    `There is no service ${JSON.stringify(name)}: a service is known once it has a token. An operator makes one with: courier token ${JSON.stringify(name)}`,
  );
}
