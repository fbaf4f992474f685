import { z } from 'zod';
import type { LogEnds } from '@/lib/brokers/broker';
import { groupBy } from '@/lib/values/group-by';
import type { TopicList } from '@/lib/contract/topics';
import { sentenceOf } from '@/lib/errors';
import { roleOfTopic } from '@/lib/protocol/topics';
import type { Source } from '@/lib/domain/workers/source';
import { readCursors, type Cursor } from '@/lib/store/sources/cursors';
import { readLagNow } from '@/lib/store/lag/read-lag';
import { readPolicies } from '@/lib/store/topics/topics';
import { defineOperation, type Call } from '../operation';

/** Topics with their records and readers. Without the broker, the stored part is returned. */
export const listTopics = defineOperation({
  name: 'topics.list',
  permission: 'topics.read',
  input: z.strictObject({ internal: z.boolean().default(false) }),
  scope: () => ({}),
  audit: null,
  async run(call, { internal }): Promise<TopicList> {
    const [policies, lag, cursors] = await Promise.all([
      readPolicies(call.store, call.cluster.id),
      readLagNow(call.store, call.cluster.id),
      readCursors(call.store, INDEX),
    ]);
    const shown = [...policies.values()].filter(
      (topic) => topic.goneAt === null && (internal || roleOfTopic(topic.name) === 'message'),
    );
    const { ends, problem } = await endsOf(
      call,
      shown.map((topic) => topic.name),
    );
    const byTopic = groupBy(ends.known, (item) => item.topic);
    const readers = groupBy(lag, (row) => row.topic);
    return {
      at: call.now().toISOString(),
      brokerProblem: problem,
      rows: shown
        .map((topic) => {
          const partitions = byTopic.get(topic.name) ?? [];
          const unread = ends.unknown.filter((item) => item.topic === topic.name).length;
          const rows = readers.get(topic.name) ?? [];
          return {
            name: topic.name,
            role: roleOfTopic(topic.name),
            partitions: partitions.length + unread,
            unread,
            records:
              problem || unread > 0
                ? null
                : partitions.reduce((sum, partition) => sum + Number(partition.end - partition.start), 0),
            rateIn: rateOf(rows),
            groups: [...new Set(rows.map((row) => row.group))],
            indexed: topic.indexed && roleOfTopic(topic.name) === 'message',
            indexedSince: topic.indexed ? indexedSince(cursors, topic.id) : null,
          };
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  },
  within: (list, sees) => ({
    ...list,
    rows: list.rows
      .filter((topic) => sees.topic(topic.name))
      .map((topic) => ({ ...topic, groups: topic.groups.filter(sees.group) })),
  }),
});

/** The source by whose cursors it is known how far the topic index has read. */
export const INDEX = 'topic index' satisfies Source;

/** Since when what is written on a topic is in the index: that of the partition whose reading began last. */
export function indexedSince(cursors: Cursor[], topicId: number): string | null {
  const begins = cursors.flatMap((cursor) =>
    cursor.topicId === topicId && cursor.readFrom ? [cursor.readFrom] : [],
  );
  return begins.length === 0 ? null : new Date(Math.max(...begins.map(Number))).toISOString();
}

/** Records a second that arrive, from one group's measurements of each partition: all groups see the same arrive. */
export function rateOf(rows: { partition: number; rateIn: number | null }[]): number | null {
  const rates = new Map(rows.flatMap((row) => (row.rateIn === null ? [] : [[row.partition, row.rateIn]])));
  return rates.size === 0 ? null : [...rates.values()].reduce((sum, rate) => sum + rate, 0);
}

/** Log ends, or the problem of the broker. */
export async function endsOf(
  call: Call,
  topics: string[],
): Promise<{ ends: LogEnds; problem: string | null }> {
  try {
    return { ends: await call.broker.logEnds(topics), problem: null };
  } catch (error) {
    return { ends: { known: [], unknown: [] }, problem: sentenceOf(error) };
  }
}
