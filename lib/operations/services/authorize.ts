import { mayCreate, mayPublish, mayRead, maySpeakFor, type ServiceGrant } from '@/lib/domain/service-rights';
import { CourierError } from '@/lib/errors';
import { EmbeddedBroker } from '@/lib/brokers/embedded/adapter';
import { writeAudit } from '@/lib/store/audit';
import { claimGroups } from '@/lib/store/services/owners';
import type { Context } from '../context';

/** What a service wants to do with a topic. */
export type TopicAccess = 'read' | 'publish' | 'create';

/**
 * Why a service may not do something with a topic, or null where it may.
 * @returns a sentence that names the command that would allow it
 */
export async function topicRefusal(
  context: Context,
  grant: ServiceGrant,
  topic: string,
  access: TopicAccess,
): Promise<string | null> {
  const facts = { name: topic, groupOwner: await context.owners.ownerOfTopic(topic) };
  if (access === 'read' && mayRead(grant, facts)) return null;
  if (access === 'create' && mayCreate(grant, facts)) return null;
  if (access === 'publish') {
    const verdict = mayPublish(grant, facts);
    if (verdict === 'allowed') return null;
    if (verdict === 'depends') {
      // Kafka has rights of its own on topics; on the embedded broker those who publish to a topic are written down.
      if (!(context.broker instanceof EmbeddedBroker)) return null;
      const other = await context.broker.claimPublishing(topic, grant.name);
      if (other === null) return null;
      return sentence(grant, access, topic, `${other} publishes to it`);
    }
  }
  const why =
    facts.groupOwner === null
      ? 'its token does not allow it'
      : `it belongs to a group of ${facts.groupOwner}`;
  return sentence(grant, access, topic, why);
}

function sentence(grant: ServiceGrant, access: TopicAccess, topic: string, why: string): string {
  const flag = access === 'read' ? '--read' : '--publish';
  return `The service ${grant.name} may not ${access === 'publish' ? 'publish to' : access} the topic ${JSON.stringify(topic)}: ${why}. An operator can allow it with: courier token ${JSON.stringify(grant.name)} ${flag} ${JSON.stringify(topic)}`;
}

/**
 * Why a service may not speak for a group, or null where it may. A group that nobody owns is the service's from then on,
 * and the audit says so.
 */
export async function groupRefusal(
  context: Context,
  grant: ServiceGrant,
  group: string,
): Promise<string | null> {
  const owner = await context.owners.ownerOf(group);
  if (maySpeakFor(grant, owner)) {
    // What a shared token says does not tell which service it is.
    if (owner !== null || grant.shared) return null;
    await claim(context, grant, group);
    const now = await context.owners.ownerOf(group);
    if (now === grant.name) return null;
    return ownedByAnother(grant, group, now);
  }
  return ownedByAnother(grant, group, owner);
}

function ownedByAnother(grant: ServiceGrant, group: string, owner: string | null): string {
  return `The group ${JSON.stringify(group)} belongs to the service ${owner ?? 'of another token'}, not to ${grant.name}. An operator can move it with: courier group ${JSON.stringify(group)} --owner ${JSON.stringify(grant.name)}`;
}

async function claim(context: Context, grant: ServiceGrant, group: string): Promise<void> {
  const claimed = await claimGroups(context.store, context.cluster.id, [group], grant.name);
  context.owners.forget();
  for (const name of claimed) {
    await writeAudit(context.store, {
      operatorId: null,
      operatorName: grant.name,
      operation: 'groups.claim',
      clusterId: context.cluster.id,
      object: `group ${name}`,
      reason: null,
      outcome: 'done',
    });
  }
}

/** Refuses a service what it may not do. @throws CourierError not_allowed */
export async function authorizeService(
  context: Context,
  grant: ServiceGrant,
  asked: { groups: readonly string[]; topics: readonly string[]; access: TopicAccess },
): Promise<void> {
  for (const group of asked.groups) {
    const refusal = await groupRefusal(context, grant, group);
    if (refusal !== null) throw new CourierError('not_allowed', refusal);
  }
  for (const topic of asked.topics) {
    const refusal = await topicRefusal(context, grant, topic, asked.access);
    if (refusal !== null) throw new CourierError('not_allowed', refusal);
  }
}
