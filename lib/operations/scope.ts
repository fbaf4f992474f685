import { matchesAny } from '@/lib/domain/service-rights';
import type { Actor } from './context';

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
