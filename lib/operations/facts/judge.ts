import { roleOfTopic } from '@/lib/protocol/topics';
import type { ServiceGrant } from '@/lib/domain/services/rights';
import type { Context } from '@/lib/context/context';
import { readMessageOrigins, type MessageOrigin } from '@/lib/store/messages/read-origins';
import { groupRefusal, topicRefusal, type TopicAccess } from '../services/authorize';
import { foreignMessage } from '@/lib/engine/ingest/foreign-message';
import { idsOf } from '@/lib/engine/ingest/name-facts';
import { isOfSender, withinGaps } from '@/lib/domain/messages/reporters';
import type { ReportedFact } from '@/lib/protocol/fact';

/** A fact that a service may not report: its place in the batch, and why in words. */
export interface RefusedFact {
  place: string;
  reason: string;
}

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
      foreignMessage(grant.name, fact, known.get(fact));
    if (reason === null) own.push(signed(withoutForeignWords(fact, known.get(fact)), grant));
    else refused.push({ place: placeOf(index), reason });
  }
  return { own, refused };
}

/** A fact that waits for its message is judged again when that is known, by the service that reported it. */
function signed(fact: ReportedFact, grant: ServiceGrant): ReportedFact {
  return fact.messageId === undefined && fact.service === undefined ? { ...fact, service: grant.name } : fact;
}

function foreignService(grant: ServiceGrant, fact: ReportedFact): string | null {
  const named =
    fact.service !== undefined && fact.service !== grant.name
      ? fact.service
      : isOfSender(fact) && fact.message?.service !== undefined && fact.message.service !== grant.name
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
  const isSender = isOfSender(fact);
  for (const topic of new Set([fact.message?.topic, fact.position?.topic])) {
    const reason = topic === undefined ? null : await ask(topic, isSender ? 'publish' : 'read');
    if (reason !== null) return reason;
  }
  const target = fact.gaveUp?.to?.topic;
  if (target === undefined) return null;
  // The index makes no message of a record that is named here: only a service that may write the record may name it.
  return ask(target, roleOfTopic(target) === 'message' ? 'publish' : 'create');
}

/**
 * A receiver's fact without its description of a message that its sender or the index describes. One that is named by its
 * position or by its sender's own id has its description from those.
 */
function withoutForeignWords(fact: ReportedFact, origin: MessageOrigin | undefined): ReportedFact {
  const { message, position } = fact;
  if (!message || isOfSender(fact) || fact.messageId !== undefined) return withinGaps(fact, origin);
  const { topic, producerId } = message;
  if (producerId !== undefined) return { ...fact, message: { topic, producerId } };
  return { ...fact, message: topic === position?.topic ? { topic } : undefined };
}

/**
 * What is stored of the message of each fact, those among them that are named by their position or by their sender's own
 * id; undefined where nothing is.
 */
async function readOrigins(
  context: Context,
  facts: readonly ReportedFact[],
): Promise<Map<ReportedFact, MessageOrigin | undefined>> {
  const nameless = facts.filter((fact) => fact.messageId === undefined);
  const found = nameless.length === 0 ? [] : await idsOf(context, nameless);
  const ids = new Map(facts.map((fact) => [fact, fact.messageId]));
  for (const [at, fact] of nameless.entries()) ids.set(fact, found[at] ?? undefined);
  const known = [...new Set([...ids.values()].filter((id) => id !== undefined))];
  const origins = known.length === 0 ? NONE : await readMessageOrigins(context.store, known);
  return new Map(facts.map((fact) => [fact, origins.get(ids.get(fact) ?? '')]));
}

const NONE: ReadonlyMap<string, MessageOrigin> = new Map();
