/** The SDK's fact batches. */
export const FACTS_TOPIC = 'courier.facts';
/** What the names of retry topics begin with. */
export const RETRY_PREFIX = 'courier.retry.';
const DEAD_LETTER_PREFIX = 'courier.dlq.';
/** What the name of the consumer group of a group's retry topic ends with. */
export const RETRY_GROUP_SUFFIX = '.retry';

const LEGAL = /^[a-zA-Z0-9._-]+$/;
const MAX_TOPIC = 249;

/**
 * A group's name as a part of a topic name: illegal characters become `_` and a hash of the whole name keeps two
 * groups apart. Kafka allows `[a-zA-Z0-9._-]` and 249 characters.
 */
export function topicSafe(group: string, room = MAX_TOPIC - 32): string {
  if (LEGAL.test(group) && group.length <= room) return group;
  return `${group.replace(/[^a-zA-Z0-9._-]/g, '_').slice(0, room - 9)}-${fnv1a(group)}`;
}

/** The topic a group reads beside its own topics, so that a retry reaches that group alone. */
export function retryTopicOf(group: string): string {
  return `${RETRY_PREFIX}${topicSafe(group)}`;
}

/** The topic that takes what a group gave up on. */
export function deadLetterTopicOf(group: string): string {
  return `${DEAD_LETTER_PREFIX}${topicSafe(group)}`;
}

/** The retry topic is read by a consumer of its own: adding a topic to a live group strands partitions in a rolling deploy. */
export function retryGroupOf(group: string): string {
  return `${group}${RETRY_GROUP_SUFFIX}`;
}

/** Topics that hold no messages of services, as a regular expression that PostgreSQL reads too. */
export const INTERNAL_TOPIC = '^(courier\\.|__)';

/** What a topic is to Courier. `message` is everything that is not Courier's own. */
export type TopicRole = 'message' | 'retry' | 'dead_letter' | 'facts' | 'internal';

const INTERNAL = new RegExp(INTERNAL_TOPIC);

/** Reads a topic's role from its name. */
export function roleOfTopic(topic: string): TopicRole {
  if (topic === FACTS_TOPIC) return 'facts';
  if (topic.startsWith(RETRY_PREFIX)) return 'retry';
  if (topic.startsWith(DEAD_LETTER_PREFIX)) return 'dead_letter';
  if (INTERNAL.test(topic)) return 'internal';
  return 'message';
}

function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
