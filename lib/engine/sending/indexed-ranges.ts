import type { Context } from '@/lib/context/context';
import type { Source } from '@/lib/domain/workers/source';
import { readCursors } from '@/lib/store/sources/cursors';
import { readPassedOver } from '@/lib/store/sources/passed-over';

/** What the index has read of a partition without a gap: from (inclusive) to `next` (exclusive). */
export interface IndexedRange {
  from: bigint;
  next: bigint;
}

const INDEX = 'topic index' satisfies Source;

/** What the index has read of each partition of a topic up to where it is now; partitions that it does not read are absent. */
export async function indexedRanges(context: Context, topic: string): Promise<Map<number, IndexedRange>> {
  const { broker, store, cluster, catalog } = context;
  const topicId = await catalog.findTopic(topic);
  const [topics, cursors, passedOver] = await Promise.all([
    broker.topics(),
    readCursors(store, INDEX, topicId),
    readPassedOver(store, cluster.id, INDEX, { topicId, topic }),
  ]);
  const incarnation = topics.find(({ name }) => name === topic)?.incarnation ?? null;
  const ranges = new Map<number, IndexedRange>();
  for (const cursor of cursors) {
    const { partition, next, readFrom, leftOutTo } = cursor;
    if (cursor.incarnation !== incarnation) continue;
    const begin = leftOutTo ?? (readFrom ? await broker.offsetAt(topic, partition, readFrom.getTime()) : 0n);
    const from = passedOver
      .filter((part) => part.partition === partition)
      .reduce((least, { to }) => (to > least ? to : least), begin);
    ranges.set(partition, { from, next });
  }
  return ranges;
}
