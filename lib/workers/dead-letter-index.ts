import { TopicFollower } from '@/lib/operations/facts/follow-topics';
import { indexDeadLetters } from '@/lib/operations/facts/index-dead-letters';
import { roleOfTopic } from '@/lib/protocol/topics';
import { pause } from './pause';
import type { Worker } from './runtime';

const WAIT_MS = 500;
const MOST_BYTES = 2_000_000;
const REFRESH_EVERY_MS = 5_000;

/** Tails the dead-letter topics and writes each dead letter's last failure and its body. */
export const deadLetterIndex: Worker = {
  name: 'dead-letter index',
  singleton: true,
  async run(context, signal, report) {
    const follower = new TopicFollower(
      context,
      'dead letters',
      (topic) => roleOfTopic(topic) === 'dead_letter',
    );
    let indexed = 0;
    let refreshedAt = -Infinity;
    while (!signal.aborted) {
      if (performance.now() - refreshedAt > REFRESH_EVERY_MS) {
        await follower.refresh();
        refreshedAt = performance.now();
      }
      if (follower.partitions === 0) await pause(WAIT_MS, signal);
      for (const batch of await follower.read(WAIT_MS, MOST_BYTES)) {
        if (signal.aborted) return;
        indexed += await indexDeadLetters(context, batch);
        follower.done(batch);
      }
      report({ indexed, partitions: follower.partitions });
    }
  },
};
