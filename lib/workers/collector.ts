import { collectFacts, FACTS_PARTITIONS, markCollecting } from '@/lib/engine/ingest/collect';
import { TopicFollower } from '@/lib/engine/ingest/follow-topics';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { follow } from './follow';
import { factsCollected } from './metrics';
import type { Worker } from './runtime';

const PACE = { waitMs: 500, maxBytes: 2_000_000, refreshEveryMs: 30_000 };

/** Reads the topic `courier.facts` and writes what it says. One process does it; killed at any time, the next goes on. */
export const collector: Worker<'collector'> = {
  name: 'collector',
  per: 'cluster',
  async run(context, signal, report) {
    await context.broker.createTopics([{ name: FACTS_TOPIC, partitions: FACTS_PARTITIONS }]);
    const follower = new TopicFollower(context, 'collector', (topic) => topic === FACTS_TOPIC);
    let watched: Date | null = null;
    const total = { facts: 0, rejected: 0, dropped: 0, delayMs: 0 };
    await follow(follower, signal, PACE, async (batches) => {
      if (batches.length === 0) total.delayMs = 0;
      for (const batch of batches) {
        if (signal.aborted) return;
        const collected = await collectFacts(context, batch);
        total.facts += collected.facts;
        total.rejected += collected.rejected;
        total.dropped += collected.dropped;
        total.delayMs = collected.delayMs;
        factsCollected.inc({ source: 'collector' }, collected.facts);
      }
      watched = await markCollecting(context, watched);
      report({ ...total });
    });
  },
};
