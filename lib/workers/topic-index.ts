import { TopicFollower } from '@/lib/operations/facts/follow-topics';
import { indexRecords } from '@/lib/operations/facts/index-records';
import { readPolicies, type TopicPolicy } from '@/lib/operations/topics/policies';
import { roleOfTopic } from '@/lib/protocol/topics';
import { factsCollected } from './metrics';
import { pause } from './pause';
import type { Worker } from './runtime';

const WAIT_MS = 500;
const MOST_BYTES = 1_000_000;
const REFRESH_EVERY_MS = 5_000;
const DAY_MS = 86_400_000;

/** Tails the topics that are to be indexed, so that messages of services that report nothing are found too. */
export const topicIndex: Worker = {
  name: 'topic index',
  singleton: true,
  async run(context, signal, report) {
    let policies = new Map<string, TopicPolicy>();
    let incarnations = new Map<string, string | null>();
    const oldest = () => context.now().getTime() - context.settings.COURIER_RETENTION_DAYS * DAY_MS;
    const follower = new TopicFollower(
      context,
      'topic index',
      (topic) => roleOfTopic(topic) === 'message' && (policies.get(topic)?.indexed ?? true),
      // What is older than the store keeps would be dropped as soon as it was written.
      (topic, partition) => context.broker.offsetAt(topic, partition, oldest()),
    );
    let indexed = 0;
    let refreshedAt = -Infinity;
    while (!signal.aborted) {
      if (performance.now() - refreshedAt > REFRESH_EVERY_MS) {
        const topics = await context.broker.topics();
        incarnations = new Map(topics.map((topic) => [topic.name, topic.incarnation]));
        policies = await readPolicies(context, topics);
        await follower.refresh();
        refreshedAt = performance.now();
      }
      if (follower.partitions === 0) await pause(WAIT_MS, signal);
      for (const batch of await follower.read(WAIT_MS, MOST_BYTES)) {
        if (signal.aborted) return;
        const policy = policies.get(batch.topic);
        if (!policy) continue;
        const count = await indexRecords(context, batch, policy, incarnations.get(batch.topic) ?? null);
        follower.done(batch);
        indexed += count;
        factsCollected.inc({ source: 'topic index' }, count);
      }
      report({ indexed, partitions: follower.partitions });
    }
  },
};
