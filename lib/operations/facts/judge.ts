import type { ServiceGrant } from '@/lib/domain/service-rights';
import type { Context } from '../context';
import { groupRefusal, topicRefusal } from '../services/authorize';
import type { ReportedFact } from './fact-schema';

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
  for (const [index, fact] of facts.entries()) {
    const reason =
      foreignService(grant, fact) ??
      (fact.group === undefined
        ? null
        : await once(groups, fact.group, () => groupRefusal(context, grant, fact.group ?? ''))) ??
      (await refusalOfSender(fact, (topic) =>
        once(topics, topic, () => topicRefusal(context, grant, topic, 'publish')),
      ));
    if (reason === null) own.push(fact);
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

async function refusalOfSender(
  fact: ReportedFact,
  ask: (topic: string) => Promise<string | null>,
): Promise<string | null> {
  if (!SENDER_KINDS.has(fact.kind) || fact.group !== undefined) return null;
  const topic = fact.message?.topic ?? fact.position?.topic;
  return topic === undefined ? null : ask(topic);
}
