import { overdueFactId } from '@/lib/protocol/derived-ids';
import type { Source } from '@/lib/domain/workers/source';
import type { Fact } from '@/lib/protocol/fact';
import { mergeFacts } from '@/lib/store/facts/merge';
import { findOverdue } from '@/lib/store/messages/find-overdue';
import type { Context } from '@/lib/context/context';

const MAX_AT_ONCE = 2_000;

/**
 * Marks deliveries that wait for too long. Time acts only through facts: the mark is one, with an id that follows from
 * message and group, so that two workers mark once. @returns how many were marked
 */
export async function markOverdue(context: Context): Promise<number> {
  const now = context.now();
  const overdue = await findOverdue(context.store, context.cluster.id, now, MAX_AT_ONCE);
  if (overdue.length === 0) return 0;
  const facts = overdue.map(({ messageId, group }): Fact => ({
    factId: overdueFactId(messageId, group),
    kind: 'overdue',
    messageId,
    at: now.toISOString(),
    group,
  }));
  const { added } = await mergeFacts(context.store, context.catalog, {
    source: 'deadlines' satisfies Source,
    facts,
    receivedAt: now,
  });
  return added;
}
