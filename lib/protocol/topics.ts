/** What the names of Courier's own topics begin with, unless a setting names another prefix. */
export const DEFAULT_TOPIC_PREFIX = 'courier.';
/** Form of such a prefix: Kafka allows these characters, and a group's name has to fit behind it. */
export const TOPIC_PREFIX = /^[a-zA-Z0-9._-]{1,26}$/;
/** What the name of the consumer group of a group's retry topic ends with. */
export const RETRY_GROUP_SUFFIX = '.retry';

/** Topics that Kafka makes for itself. */
const KAFKA_TOPICS = [
  '__consumer_offsets',
  '__transaction_state',
  '__share_group_state',
  '__cluster_metadata',
];

const LEGAL = /^[a-zA-Z0-9._-]+$/;
const MAX_TOPIC = 249;

/** What a topic is to Courier. `message` is everything that neither Courier nor Kafka made. */
export type TopicRole = 'message' | 'retry' | 'dead_letter' | 'facts' | 'internal';

/** Names of Courier's own topics under one prefix. */
export interface CourierTopics {
  prefix: string;
  /** The SDK's fact batches. */
  facts: string;
  /** What the names of retry topics begin with. */
  retryPrefix: string;
  /** The topic a group reads beside its own topics, so that a retry reaches that group alone. */
  retryOf: (group: string) => string;
  /** The topic for messages on which a group gave up. */
  deadLetterOf: (group: string) => string;
  roleOf: (topic: string) => TopicRole;
  /** Topics that hold no messages of services, as a regular expression that PostgreSQL reads too. */
  internal: string;
}

/** The names of Courier's topics. @param prefix such as `courier.` */
export function courierTopics(prefix: string): CourierTopics {
  const facts = `${prefix}facts`;
  const retryPrefix = `${prefix}retry.`;
  const deadLetterPrefix = `${prefix}dlq.`;
  const own = [facts, `${prefix}scheduled`, ...KAFKA_TOPICS].map(escaped).join('|');
  const begins = [retryPrefix, deadLetterPrefix].map(escaped).join('|');
  const internal = `^(?:(?:${own})$|(?:${begins}).)`;
  const isInternal = new RegExp(internal);
  return {
    prefix,
    facts,
    retryPrefix,
    internal,
    retryOf: (group) => `${retryPrefix}${topicSafe(group)}`,
    deadLetterOf: (group) => `${deadLetterPrefix}${topicSafe(group)}`,
    roleOf(topic) {
      if (!isInternal.test(topic)) return 'message';
      if (topic === facts) return 'facts';
      if (topic.startsWith(retryPrefix)) return 'retry';
      return topic.startsWith(deadLetterPrefix) ? 'dead_letter' : 'internal';
    },
  };
}

/**
 * Courier's topics in this process, by `COURIER_TOPIC_PREFIX`. The variable is read here and not passed in, because a name
 * is judged in every room; `config.ts` refuses a malformed one at the start. In a browser it is the default.
 */
const OWN = courierTopics(prefixOfProcess() ?? DEFAULT_TOPIC_PREFIX);

/** The SDK's fact batches. */
export const FACTS_TOPIC = OWN.facts;
/** What the names of retry topics begin with. */
export const RETRY_PREFIX = OWN.retryPrefix;
/** What the names of Courier's own topics begin with. */
export const COURIER_PREFIX = OWN.prefix;
/** Topics that hold no messages of services, as a regular expression that PostgreSQL reads too. */
export const INTERNAL_TOPIC = OWN.internal;

/** See `CourierTopics.retryOf`. */
export const retryTopicOf = OWN.retryOf;
/** See `CourierTopics.deadLetterOf`. */
export const deadLetterTopicOf = OWN.deadLetterOf;
/** Reads a topic's role from its name. */
export const roleOfTopic = OWN.roleOf;

/** Names that other frameworks and people give to dead-letter topics. */
const USUAL_DEAD_LETTER_NAME =
  /(?:[-._](?:dlt|dlq|dead[-_.]?letters?)|_error|_skipped)$|^(?:dead-letter-topic-|(?:dlt|dlq)[-._]|error\..+\.[^.]+$)/i;

/** Whether a topic of services is called as dead-letter topics usually are: what is on it may be no message of its own. */
export function isUsualDeadLetterName(topic: string): boolean {
  return roleOfTopic(topic) === 'message' && USUAL_DEAD_LETTER_NAME.test(topic);
}

/** Whether Kafka made the topic for itself: its records are of no interest to anybody, and it is never listed. */
export function isKafkaTopic(topic: string): boolean {
  return KAFKA_TOPICS.includes(topic);
}

/** The retry topic is read by a consumer of its own: adding a topic to a live group strands partitions in a rolling deploy. */
export function retryGroupOf(group: string): string {
  return `${group}${RETRY_GROUP_SUFFIX}`;
}

/**
 * A group's name as a part of a topic name: illegal characters become `_` and a hash of the whole name keeps two
 * groups apart. Kafka allows `[a-zA-Z0-9._-]` and 249 characters.
 */
export function topicSafe(group: string, room = MAX_TOPIC - 32): string {
  if (LEGAL.test(group) && group.length <= room) return group;
  return `${group.replace(/[^a-zA-Z0-9._-]/g, '_').slice(0, room - 9)}-${fnv1a(group)}`;
}

function prefixOfProcess(): string | null {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const given = process?.env?.COURIER_TOPIC_PREFIX?.trim();
  return given && TOPIC_PREFIX.test(given) ? given : null;
}

function escaped(text: string): string {
  return text.replace(/[.-]/g, '\\$&');
}

function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
