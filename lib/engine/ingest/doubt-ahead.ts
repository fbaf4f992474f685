import { idInsteadOf } from '@/lib/protocol/derived-ids';
import { isAhead } from '@/lib/protocol/identity';
import { findByHeader } from '@/lib/store/messages/find-by-ref';
import type { Context } from '@/lib/context/context';
import type { ReportedFact } from '@/lib/protocol/fact';

/** The header under which a message is found by an id that is not its own. */
export const COPIED_FROM = 'copied-from';

/**
 * Replaces the message ids of services whose clock is more than a day ahead. The position of the record names the message
 * if the fact has one, else a derived id does; the sender's id still finds it. Other facts are returned unchanged.
 */
export async function doubtAhead(context: Context, facts: readonly ReportedFact[]): Promise<ReportedFact[]> {
  const now = context.now().getTime();
  if (!facts.some(({ messageId }) => messageId !== undefined && isAhead(messageId, now))) return [...facts];
  const instead = new Map<string, string>();
  const result: ReportedFact[] = [];
  for (const fact of facts) {
    const { messageId, ...rest } = fact;
    if (messageId === undefined || !isAhead(messageId, now)) {
      result.push(fact);
      continue;
    }
    const idHeaders = [...(fact.idHeaders ?? []), { name: COPIED_FROM, value: messageId }];
    if (fact.position !== undefined) result.push({ ...rest, idHeaders });
    else {
      const id = instead.get(messageId) ?? (await believableIdOf(context, messageId, now));
      instead.set(messageId, id);
      result.push({ ...rest, messageId: id, idHeaders });
    }
  }
  return result;
}

async function believableIdOf(context: Context, id: string, now: number): Promise<string> {
  const { store, partitions, cluster } = context;
  const [known] = await findByHeader(store, partitions, cluster.id, COPIED_FROM, [id], 1);
  return known ?? idInsteadOf(cluster.name, id, now);
}
