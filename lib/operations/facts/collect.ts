import { CourierError, sentenceOf } from '@/lib/errors';
import { FACTS_TOPIC } from '@/lib/protocol/topics';
import { keepRejected } from '@/lib/store/facts/rejected';
import type { Context } from '../context';
import type { ReportedFact } from './fact-schema';
import type { TopicBatch } from './follow-topics';
import { parseBatch, recordFacts } from './record';

/** Partitions of `courier.facts` where Courier makes it. */
export const FACTS_PARTITIONS = 3;

/** What was read of one partition of `courier.facts`, in words for the heartbeat. */
export interface Collected {
  facts: number;
  rejected: number;
  dropped: number;
  /** Age of the youngest record, in milliseconds. */
  delayMs: number;
}

/** Writes the facts of the records, what could not be understood, and the cursor, in one transaction. */
export async function collectFacts(context: Context, batch: TopicBatch): Promise<Collected> {
  const facts: ReportedFact[] = [];
  const rejected: { place: string; reason: string; body: Buffer }[] = [];
  let dropped = 0;
  for (const record of batch.records) {
    const place = `${FACTS_TOPIC}/${record.partition}/${record.offset}`;
    try {
      const parsed = parseBatch(JSON.parse((record.value ?? Buffer.alloc(0)).toString('utf8')));
      facts.push(...parsed.facts);
      dropped += parsed.dropped;
      for (const one of parsed.rejected) {
        rejected.push({
          place: `${place} ${one.place}`,
          reason: one.reason,
          body: Buffer.from(JSON.stringify(one.fact)),
        });
      }
    } catch (error) {
      if (error instanceof CourierError && error.code !== 'invalid_input') throw error;
      rejected.push({ place, reason: sentenceOf(error), body: record.value ?? Buffer.alloc(0) });
    }
  }
  await recordFacts(context, facts, {
    source: 'facts topic',
    async also(client) {
      await batch.claim(client);
      await keepRejected(client, 'facts topic', rejected);
    },
  });
  const youngest = batch.records.at(-1)?.timestamp ?? context.now().getTime();
  return {
    facts: facts.length,
    rejected: rejected.length,
    dropped,
    delayMs: Math.max(0, context.now().getTime() - youngest),
  };
}
