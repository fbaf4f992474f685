import { matchesAny } from '@/lib/domain/services/rights';
import { CourierError } from '@/lib/errors';
import { readMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/schema/partitions';
import { readPolicies } from '@/lib/store/topics/topics';
import type { Actor, Context } from '@/lib/context/context';

/** What an actor may see, for the results of operations. */
export interface Sees {
  topic: (name: string | null) => boolean;
  group: (name: string) => boolean;
  /** Whether it is limited to some groups, so that what belongs to an unknown one is not for it. */
  isLimitedToGroups: boolean;
}

/** What an actor may see. */
export function seesOf(actor: Actor): Sees {
  return {
    topic: (name) => seesTopic(actor, name),
    group: (name) => seesGroup(actor, name),
    isLimitedToGroups: actor.scope?.groups !== undefined,
  };
}

/** Numbers of the topics that an actor is limited to; null for one that is not limited. */
export async function scopedTopicIds({
  actor,
  store,
  cluster,
}: Context & { actor: Actor }): Promise<number[] | null> {
  if (!actor.scope?.topics) return null;
  const policies = await readPolicies(store, cluster.id);
  return [...policies.values()].filter((topic) => seesTopic(actor, topic.name)).map((topic) => topic.id);
}

/** @throws CourierError not_found for a message that an actor may not see, as if it were not there */
export async function requireVisible(call: Context & { actor: Actor }, id: string): Promise<void> {
  if (!call.actor.scope) return;
  const message = await inPartitionOf(call.partitions, id, (name) =>
    readMessage(call.store, name('message_read'), call.cluster.id, id),
  );
  if (!message || !seesTopic(call.actor, message.topic))
    throw new CourierError('not_found', `There is no message ${id}.`);
}

/** Whether an operator may see a cluster at all. */
export function seesCluster(actor: Actor, cluster: string): boolean {
  return !actor.scope?.clusters || matchesAny(actor.scope.clusters, cluster);
}

/** Whether an operator may see a topic and the messages on it. */
export function seesTopic(actor: Actor, topic: string | null): boolean {
  return !actor.scope?.topics || (topic !== null && matchesAny(actor.scope.topics, topic));
}

/** Whether an operator may see a consumer group. */
export function seesGroup(actor: Actor, group: string): boolean {
  return !actor.scope?.groups || matchesAny(actor.scope.groups, group);
}
