import { collectFacts, FACTS_PARTITIONS, markCollecting } from '@/lib/engine/ingest/collect';
import { TopicFollower } from '@/lib/engine/ingest/follow-topics';
import type { Context } from '@/lib/context/context';
import { CourierError } from '@/lib/errors';
import type { Reading } from '@/lib/domain/workers/worker';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { follow } from './follow';
import { factsCollected } from './metrics';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    collector: Reading & { facts: number; rejected: number; dropped: number };
  }
}

/** A right that is missing may be granted while Courier runs. */
const CREATE_AGAIN_MS = 300_000;
const PACE = { waitMs: 500, maxBytes: 2_000_000, refreshEveryMs: 30_000 };

/** Reads the topic `courier.facts` and writes its facts. One process does it; if it is killed, the next one continues. */
export const collector: Worker<'collector'> = {
  name: 'collector',
  per: 'cluster',
  observes: true,
  async run(context, signal, report) {
    let tried = await tryToCreate(context);
    const follower = new TopicFollower(context, 'collector', (topic) => topic === FACTS_TOPIC);
    let watched: Date | null = null;
    const total = { facts: 0, rejected: 0, dropped: 0 };
    // The SDK writes its records, so their times are those of facts.
    let delayMs = 0;
    await follow(follower, signal, PACE, {
      async write(batches) {
        delayMs = 0;
        if (performance.now() - tried > CREATE_AGAIN_MS) tried = await tryToCreate(context);
        for (const batch of batches) {
          if (signal.aborted) return;
          const collected = await collectFacts(context, batch);
          total.facts += collected.facts;
          total.rejected += collected.rejected;
          total.dropped += collected.dropped;
          delayMs = Math.max(delayMs, collected.delayMs);
          factsCollected.inc({ source: 'collector' }, collected.facts);
        }
        watched = await markCollecting(context, watched);
      },
      report: (reading) => report({ ...total, ...reading, delayMs }),
    });
  },
};

/**
 * Creates the topic of facts. On a cluster where Courier only reads it is created by the services, or not at all: they
 * report over HTTP then, and Settings lists the missing right.
 * @returns when it was tried, as `performance.now()`
 */
async function tryToCreate({ broker }: Context): Promise<number> {
  await broker.createTopics([{ name: FACTS_TOPIC, partitions: FACTS_PARTITIONS }]).catch((error: unknown) => {
    if (!(error instanceof CourierError) || error.code !== 'broker_refused') throw error;
  });
  return performance.now();
}
