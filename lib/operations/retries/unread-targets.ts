import type { UnreadTarget } from '@/lib/contract/retries';
import { readTopicReaders } from '@/lib/store/groups/read-topic-readers';
import type { Context } from '@/lib/context/context';

/** Targets of a retry that have no reader now, so that records wait there. */
export async function unreadTargets(context: Context, topics: readonly string[]): Promise<UnreadTarget[]> {
  const readers = await readTopicReaders(context.store, context.cluster.id, [...new Set(topics)]);
  return readers
    .filter(({ members }) => members === 0)
    .map(({ topic, since }) => ({ topic, since: since?.toISOString() ?? null }));
}
