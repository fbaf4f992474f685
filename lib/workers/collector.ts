import { collectFacts, FACTS_PARTITIONS } from '@/lib/operations/facts/collect';
import { TopicFollower } from '@/lib/operations/facts/follow-topics';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { factsCollected } from './metrics';
import type { Worker } from './runtime';

const WAIT_MS = 500;
const MOST_BYTES = 2_000_000;
const REFRESH_EVERY_MS = 30_000;

/** Reads the topic `courier.facts` and writes what it says. One process does it; killed at any time, the next goes on. */
export const collector: Worker = {
  name: 'collector',
  singleton: true,
  async run(context, signal, report) {
    await context.broker.createTopics([{ name: FACTS_TOPIC, partitions: FACTS_PARTITIONS }]);
    const follower = new TopicFollower(context, 'facts', (topic) => topic === FACTS_TOPIC);
    const total = { facts: 0, rejected: 0, dropped: 0, delayMs: 0 };
    let refreshedAt = -Infinity;
    while (!signal.aborted) {
      if (performance.now() - refreshedAt > REFRESH_EVERY_MS) {
        await follower.refresh();
        refreshedAt = performance.now();
      }
      const batches = await follower.read(WAIT_MS, MOST_BYTES);
      if (batches.length === 0) total.delayMs = 0;
      for (const batch of batches) {
        if (signal.aborted) return;
        const collected = await collectFacts(context, batch);
        follower.done(batch);
        total.facts += collected.facts;
        total.rejected += collected.rejected;
        total.dropped += collected.dropped;
        total.delayMs = collected.delayMs;
        factsCollected.inc({ source: 'topic' }, collected.facts);
      }
      report({ ...total });
    }
  },
};
