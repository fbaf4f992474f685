import { expectedFactId } from '@/lib/protocol/derived-ids';
import type { Fact } from '@/lib/protocol/fact';
import { takesType } from '@/lib/protocol/subscription';
import { roleOfTopic } from '@/lib/protocol/topics';

/** A group that reports outcomes, with its subscription to one topic. */
export interface Subscriber {
  group: string;
  topic: string;
  /** null: it takes every message of the topic. */
  types: string[] | null;
  beganAt: Date;
}

/**
 * Whether a fact is the first that places its message on its topic, so that groups are expected to handle it.
 * @param fresh ids of messages that are new with this batch
 */
export function isArrival(fact: Fact, fresh: ReadonlySet<string>): boolean {
  return (
    fact.position !== undefined &&
    roleOfTopic(fact.position.topic) === 'message' &&
    (fact.kind === 'committed' || fresh.has(fact.messageId))
  );
}

/**
 * The `expected` facts of messages that arrived: one for each group that reports outcomes, is subscribed to the topic and
 * takes the type. Their ids follow from message and group, so each is written once.
 * @param arrivals facts of which `isArrival` is true
 */
export function expectationsOf(arrivals: readonly Fact[], subscribers: readonly Subscriber[]): Fact[] {
  const found = new Map<string, Fact>();
  for (const fact of arrivals) {
    for (const subscriber of subscribers) {
      if (subscriber.topic !== fact.position?.topic || !takesType(subscriber.types, fact.message?.type))
        continue;
      // What a topic held before a group announced itself may be handled long since.
      const writtenAt = Date.parse(fact.message?.sentAt ?? fact.at);
      if (fact.kind === 'indexed' && writtenAt < subscriber.beganAt.getTime()) continue;
      const factId = expectedFactId(fact.messageId, subscriber.group);
      found.set(factId, {
        factId,
        kind: 'expected',
        messageId: fact.messageId,
        at: fact.at,
        group: subscriber.group,
      });
    }
  }
  return [...found.values()];
}
