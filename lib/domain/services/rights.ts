import { roleOfTopic } from '@/lib/protocol/topics';

/** Who a valid token belongs to, and what that service may do. */
export interface ServiceGrant {
  name: string;
  /** A token of before release 0.2 that several services use: everything is allowed to it until it is replaced. */
  shared: boolean;
  /** Patterns of topics that it may publish to; null: topics that it created or publishes to, and topics without a publisher. */
  publish: readonly string[] | null;
  /** Patterns of topics that it may read; null: all but Courier's own and the retry and dead-letter topics of others. */
  read: readonly string[] | null;
}

/** The properties of a topic that decide about a service's access to it. */
export interface TopicFacts {
  name: string;
  /** The service that owns the group of a retry or dead-letter topic; null if there is no owner. */
  groupOwner: string | null;
}

/** `depends`: the broker's records of creators and publishers decide. */
export type Verdict = 'allowed' | 'refused' | 'depends';

/** Whether a service may publish to a topic. Batches sent to the topic of facts are judged fact by fact. */
export function mayPublish(grant: ServiceGrant, topic: TopicFacts): Verdict {
  if (grant.shared) return 'allowed';
  const role = roleOfTopic(topic.name);
  if (role === 'facts') return 'allowed';
  if (role === 'retry' || role === 'dead_letter') return isOwnOrFree(grant, topic.groupOwner);
  if (role === 'internal') return 'refused';
  if (grant.publish) return matchesAny(grant.publish, topic.name) ? 'allowed' : 'refused';
  return 'depends';
}

/** Whether a service may read a topic. */
export function mayRead(grant: ServiceGrant, topic: TopicFacts): boolean {
  if (grant.shared) return true;
  const role = roleOfTopic(topic.name);
  if (role === 'retry' || role === 'dead_letter') return isOwnOrFree(grant, topic.groupOwner) === 'allowed';
  if (role !== 'message') return false;
  return grant.read === null || matchesAny(grant.read, topic.name);
}

/** Whether a service may create a topic: what it may publish to or read once it is there. */
export function mayCreate(grant: ServiceGrant, topic: TopicFacts): boolean {
  if (grant.shared) return true;
  if (roleOfTopic(topic.name) === 'facts') return false;
  return mayPublish(grant, topic) !== 'refused' || mayRead(grant, topic);
}

/** Whether a service may act for a group: its own, or one without an owner, which is then assigned to it. */
export function maySpeakFor(grant: ServiceGrant, owner: string | null): boolean {
  return grant.shared || owner === null || owner === grant.name;
}

function isOwnOrFree(grant: ServiceGrant, owner: string | null): 'allowed' | 'refused' {
  return owner === null || owner === grant.name ? 'allowed' : 'refused';
}

/** Whether a name matches a pattern in which `*` matches any text. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last))
    return false;
  let from = first.length;
  const end = name.length - last.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

/** Whether a name matches one of the patterns. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, name));
}
