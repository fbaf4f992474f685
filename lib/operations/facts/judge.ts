import type { ServiceGrant } from '@/lib/domain/services/rights';
import type { Context } from '@/lib/context/context';
import { readMessageOrigins, type MessageOrigin } from '@/lib/store/messages/read-origins';
import { groupRefusal, topicRefusal, type TopicAccess } from '../services/authorize';
import type { ReportedFact } from '@/lib/protocol/fact';

/** A fact that a service may not report: its place in the batch, and why in words. */
export interface RefusedFact {
  place: string;
  reason: string;
}

const SENDER_KINDS = new Set(['committed', 'indexed', 'send_failed']);

/**
 * Divides the facts of a batch into those that the service may report and those that are another service's.
 * @param placeOf name of the place of each fact
 */
export async function judgeFacts(
  context: Context,
  grant: ServiceGrant,
  facts: readonly ReportedFact[],
  placeOf: (index: number) => string = (index) => `facts.${index}`,
): Promise<{ own: ReportedFact[]; refused: RefusedFact[] }> {
  if (grant.shared) return { own: [...facts], refused: [] };
  const own: ReportedFact[] = [];
  const refused: RefusedFact[] = [];
  // A batch names few groups and topics many times.
  const groups = new Map<string, Promise<string | null>>();
  const topics = new Map<string, Promise<string | null>>();
  const once = (known: typeof groups, name: string, ask: () => Promise<string | null>) => {
    const answer = known.get(name) ?? ask();
    known.set(name, answer);
    return answer;
  };
  const known = await readOrigins(context, facts);
  for (const [index, fact] of facts.entries()) {
    const reason =
      foreignService(grant, fact) ??
      (fact.group === undefined
        ? null
        : await once(groups, fact.group, () => groupRefusal(context, grant, fact.group ?? ''))) ??
      (await refusalOfTopics(fact, (topic, access) =>
        once(topics, `${access} ${topic}`, () => topicRefusal(context, grant, topic, access)),
      )) ??
      foreignMessage(grant, fact, known.get(fact.messageId ?? ''));
    if (reason === null) own.push(withinGaps(fact, known.get(fact.messageId ?? '')));
    else refused.push({ place: placeOf(index), reason });
  }
  return { own, refused };
}

function foreignService(grant: ServiceGrant, fact: ReportedFact): string | null {
  const named =
    fact.service !== undefined && fact.service !== grant.name
      ? fact.service
      : SENDER_KINDS.has(fact.kind) &&
          fact.message?.service !== undefined &&
          fact.message.service !== grant.name
        ? fact.message.service
        : undefined;
  if (named === undefined) return null;
  return `The fact is of the service ${JSON.stringify(named)}, and the token of ${JSON.stringify(grant.name)}. An operator makes a token of that service with: courier token ${JSON.stringify(named)}`;
}

/**
 * Why a fact names a topic that is not for its service. A sender publishes to the topics that it names; a receiver reads
 * them, so that a place it names never leads Courier to a body that the service may not see.
 */
async function refusalOfTopics(
  fact: ReportedFact,
  ask: (topic: string, access: TopicAccess) => Promise<string | null>,
): Promise<string | null> {
  const isSender = SENDER_KINDS.has(fact.kind);
  for (const topic of new Set([fact.message?.topic, fact.position?.topic])) {
    const reason = topic === undefined ? null : await ask(topic, isSender ? 'publish' : 'read');
    if (reason !== null) return reason;
  }
  const target = fact.gaveUp?.to?.topic;
  return target === undefined ? null : ask(target, 'create');
}

/** Why a sender's fact is not this service's to report: another service sent the message. */
function foreignMessage(
  grant: ServiceGrant,
  fact: ReportedFact,
  origin: MessageOrigin | undefined,
): string | null {
  if (!SENDER_KINDS.has(fact.kind) || !origin?.sent) return null;
  if (origin.service === null || origin.service === grant.name) return null;
  return `The message ${fact.messageId ?? ''} was sent by the service ${JSON.stringify(origin.service)}, and the token is of ${JSON.stringify(grant.name)}: only its sender can say whether it was committed.`;
}

/**
 * Removes from a receiver's fact the description of the message, except for fields that are missing in the store: a
 * receiver fills gaps and changes nothing. For a message that is named by its position or by its sender's own id, the
 * sender and the index already provide the description.
 */
function withinGaps(fact: ReportedFact, origin: MessageOrigin | undefined): ReportedFact {
  const { message, position } = fact;
  if (!message || SENDER_KINDS.has(fact.kind)) return fact;
  if (fact.messageId === undefined) {
    const { topic, producerId } = message;
    if (producerId !== undefined) return { ...fact, message: { topic, producerId } };
    return { ...fact, message: topic === position?.topic ? { topic } : undefined };
  }
  if (!origin) return fact;
  const gaps = Object.entries(message).filter(([field]) => !origin.known.has(field));
  return { ...fact, message: { ...Object.fromEntries(gaps), topic: origin.topic ?? message.topic } };
}

/** Reads the stored messages of facts. */
async function readOrigins(
  context: Context,
  facts: readonly ReportedFact[],
): Promise<Map<string, MessageOrigin>> {
  const ids = [...new Set(facts.flatMap(({ messageId }) => messageId ?? []))];
  return ids.length === 0 ? new Map() : readMessageOrigins(context.store, ids);
}
