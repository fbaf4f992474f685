import type { Tailing } from '@/lib/domain/workers/worker';
import { TopicFollower } from '@/lib/engine/ingest/follow-topics';
import { indexDeadLetters } from '@/lib/engine/ingest/dead-letters/index-dead-letters';
import { isDeadLetterTopic } from '@/lib/engine/ingest/dead-letters/dialects/registry';
import { follow } from './follow';
import { factsCollected } from './metrics';
import type { Worker } from './runtime';

declare module '@/lib/domain/workers/worker' {
  interface WorkerDetails {
    'dead-letter index': Tailing;
  }
}

const PACE = { waitMs: 500, maxBytes: 2_000_000, refreshEveryMs: 5_000 };

/** Tails the dead-letter topics and writes each dead letter's last failure and its body. */
export const deadLetterIndex: Worker<'dead-letter index'> = {
  name: 'dead-letter index',
  per: 'cluster',
  observes: true,
  async run(context, signal, report) {
    const follower = new TopicFollower(context, 'dead-letter index', isDeadLetterTopic);
    let indexed = 0;
    await follow(follower, signal, PACE, {
      async write(batches) {
        for (const batch of batches) {
          if (signal.aborted) return;
          const count = await indexDeadLetters(context, batch);
          indexed += count;
          factsCollected.inc({ source: 'dead-letter index' }, count);
        }
      },
      report: (reading) =>
        report({ indexed, partitions: follower.partitions, standing: follower.standing, ...reading }),
    });
  },
};
