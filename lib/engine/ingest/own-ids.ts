import { topicOfFact } from '@/lib/domain/messages/reporters';
import { idOnCluster, idOnTopic } from '@/lib/protocol/derived-ids';
import type { Fact } from '@/lib/protocol/fact';
import { findElsewhere } from '@/lib/store/messages/find-elsewhere';
import { readMessageOrigins } from '@/lib/store/messages/read-origins';
import type { Context } from '@/lib/context/context';

/** Which ids messages have here. */
export interface OwnIds {
  /** @param topic that the message is on; undefined where that is not known */
  of(id: string, topic: string | undefined): string;
}

export const NO_OTHERS: OwnIds = { of: (id) => id };

/**
 * The ids of messages here whose ids are those of other messages: of another cluster, as where topics are mirrored, or of
 * another topic. The message that is stored keeps its id; among those that are not, the first of the batch does.
 */
export async function ownIds(
  { store, cluster }: Pick<Context, 'store' | 'cluster'>,
  facts: readonly Fact[],
): Promise<OwnIds> {
  const ids = [...new Set(facts.map((fact) => fact.messageId))];
  const others = new Set(await findElsewhere(store, cluster.id, ids));
  const onCluster = (id: string) => (others.has(id) ? idOnCluster(cluster.name, id) : id);
  const origins = await readMessageOrigins(store, ids.map(onCluster));
  const topics = new Map<string, string>();
  for (const [id, { topic }] of origins) if (topic !== null) topics.set(id, topic);
  for (const fact of facts) {
    const id = onCluster(fact.messageId);
    const topic = topicOfFact(fact);
    if (topic !== undefined && !topics.has(id)) topics.set(id, topic);
  }
  return {
    of(given, topic) {
      const id = onCluster(given);
      const known = topics.get(id);
      return topic === undefined || known === undefined || topic === known
        ? id
        : idOnTopic(cluster.name, id, topic);
    },
  };
}
