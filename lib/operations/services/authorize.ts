import { mayCreate, mayPublish, mayRead, maySpeakFor, type ServiceGrant } from '@/lib/domain/services/rights';
import { retryTopicOf, roleOfTopic } from '@/lib/protocol/topics';
import { CourierError } from '@/lib/errors';
import { writeAudit } from '@/lib/store/audit/entries';
import { claimGroups } from '@/lib/store/services/owners';
import type { Context } from '@/lib/context/context';
import { ownedGroup } from '@/lib/context/group-owners';

/** Access of a service to a topic. */
export type TopicAccess = 'read' | 'publish' | 'create';

/**
 * Authorizes access of a service to a topic.
 * @returns null if it is allowed, else a sentence with the command that would allow it
 */
export async function topicRefusal(
  context: Context,
  grant: ServiceGrant,
  topic: string,
  access: TopicAccess,
): Promise<string | null> {
  const group = await context.owners.groupOfTopic(topic);
  const facts = { name: topic, groupOwner: group?.owner ?? null };
  if (access === 'read' && mayRead(grant, facts)) return null;
  if (access === 'create' && mayCreate(grant, facts)) return null;
  if (access === 'publish') {
    const verdict = mayPublish(grant, facts);
    if (verdict === 'allowed') return null;
    if (verdict === 'depends') {
      const other = await context.broker.capabilities.serviceAccess?.claimPublishing(topic, grant.name);
      if (!other) return null;
      return `${mayNot(grant, access, topic)}: ${other} publishes to it. ${allowedBy(grant, access, topic)}`;
    }
  }
  if (group !== null && group.owner !== grant.name)
    return `${mayNot(grant, access, topic)}: it is of the group ${JSON.stringify(group.group)}, which belongs to ${group.owner}. An operator can move the group with: courier group ${JSON.stringify(group.group)} --owner ${JSON.stringify(grant.name)}`;
  if (roleOfTopic(topic) !== 'message')
    return `${mayNot(grant, access, topic)}: it belongs to Courier or to the broker, and no token allows it.`;
  return `${mayNot(grant, access, topic)}: its token does not allow it. ${allowedBy(grant, access, topic)}`;
}

function mayNot(grant: ServiceGrant, access: TopicAccess, topic: string): string {
  return `The service ${grant.name} may not ${access === 'publish' ? 'publish to' : access} the topic ${JSON.stringify(topic)}`;
}

/** The command that grants the access and keeps existing grants, with its side effects. */
function allowedBy(grant: ServiceGrant, access: TopicAccess, topic: string): string {
  const flag = access === 'read' ? '--read' : '--publish';
  const before = access === 'read' ? grant.read : grant.publish;
  const patterns = [...(before ?? []), topic]
    .map((pattern) => `${flag} ${JSON.stringify(pattern)}`)
    .join(' ');
  const also =
    before === null
      ? ` Then it may ${access === 'read' ? 'read' : 'publish to'} no other topics than those named there.`
      : '';
  return `An operator can allow it with: courier token ${JSON.stringify(grant.name)} ${patterns}${also && '.'}${also}`;
}

/**
 * Authorizes a service to act for a group. A group without an owner is assigned to the service, with an audit entry.
 * @returns null if it is allowed, else a sentence
 */
export async function groupRefusal(
  context: Context,
  grant: ServiceGrant,
  group: string,
): Promise<string | null> {
  const owner = await context.owners.ownerOf(group);
  if (maySpeakFor(grant, owner)) {
    // A shared token does not identify one service, so it claims nothing.
    if (owner !== null || grant.shared) return null;
    const holder = await context.owners.ownerOfTopic(retryTopicOf(group));
    if (holder !== null && holder !== grant.name)
      return `The group ${JSON.stringify(group)} would have the retry topic ${retryTopicOf(group)}, which is that of a group of the service ${holder}. Choose another name for the group.`;
    await claim(context, grant, ownedGroup(group));
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
  // Another service claimed it concurrently: read the owner again.
  if (claimed.length === 0) context.owners.forget();
  for (const name of claimed) {
    context.owners.learn(name, grant.name);
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

/** Authorizes a service for all groups and topics of a call. @throws CourierError not_allowed */
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
