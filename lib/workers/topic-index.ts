import type { Tailing } from '@/lib/domain/workers/worker';
import { TopicFollower, type TopicBatch } from '@/lib/engine/ingest/follow-topics';
import { indexRecords } from '@/lib/engine/ingest/index-records';
import { readPolicies } from '@/lib/engine/ingest/topic-policies';
import type { TopicPolicy } from '@/lib/store/topics/topics';
import { OlderRecords } from '@/lib/engine/ingest/older-records';
import { roleOfTopic } from '@/lib/protocol/topics';
import { follow } from './follow';
import { factsCollected } from './metrics';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    'topic index': Tailing;
  }
}

const PACE = { waitMs: 500, maxBytes: 1_000_000, refreshEveryMs: 5_000 };
/** Records that are written together, of several partitions where each has few. */
const MAX_RECORDS = 2_000;

/** Tails the topics that are to be indexed, so that messages of services that report nothing are found too. */
export const topicIndex: Worker<'topic index'> = {
  name: 'topic index',
  per: 'cluster',
  observes: true,
  async run(context, signal, report) {
    let policies = new Map<string, TopicPolicy>();
    const older = new OlderRecords(context);
    const follower = new TopicFollower(
      context,
      'topic index',
      (topic) => roleOfTopic(topic) === 'message' && (policies.get(topic)?.indexed ?? false),
      async () => ({ since: new Date(older.keptFrom), older: await older.room() }),
    );
    let indexed = 0;
    const refresh = async () => {
      const topics = await context.broker.topics();
      policies = await readPolicies(context, topics);
    };
    const policyOf = (topic: string): TopicPolicy => {
      const policy = policies.get(topic);
      if (!policy) throw new Error(`${topic} is read without its policy`);
      return policy;
    };
    const write = async (batches: TopicBatch[]) => {
      const parts = together(batches);
      const writer = async () => {
        for (let some = parts.shift(); some && !signal.aborted; some = parts.shift()) {
          const count = await indexRecords(context, some, policyOf, older);
          indexed += count;
          factsCollected.inc({ source: 'topic index' }, count);
        }
      };
      // One is put together while the database takes in the other. Both end before anything is read anew.
      const ends = await Promise.allSettled([writer(), writer()]);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    };
    await follow(follower, signal, PACE, {
      write,
      beforeRefresh: refresh,
      report: (reading) =>
        report({ indexed, partitions: follower.partitions, standing: follower.standing, ...reading }),
    });
  },
};

/** Parts what was read into what is written together. */
function together(batches: TopicBatch[]): TopicBatch[][] {
  const parts: TopicBatch[][] = [];
  let count = Infinity;
  for (const batch of batches) {
    count += batch.records.length;
    if (count > MAX_RECORDS) {
      parts.push([]);
      count = batch.records.length;
    }
    parts.at(-1)?.push(batch);
  }
  return parts;
}
