import { positionText } from '@/lib/protocol/position';
import { CourierError, sentenceOf } from '@/lib/errors';
import { isRefusedByStore } from '@/lib/postgres';
import { markWatched } from '@/lib/store/facts/count-minutes';
import { keepRejected, type Rejected } from '@/lib/store/facts/rejected';
import type { Source } from '@/lib/domain/workers/source';
import type { Context } from '@/lib/context/context';
import type { ReportedFact } from '@/lib/protocol/fact';
import type { TopicBatch } from './follow-topics';
import { parseBatch, recordFacts } from './record';

/** Number of partitions of `courier.facts` if Courier creates it. */
export const FACTS_PARTITIONS = 3;

/** Figures of one batch, for the heartbeat. */
export interface Collected {
  facts: number;
  rejected: number;
  dropped: number;
  /** Age of the youngest record, in milliseconds. */
  delayMs: number;
}

const MINUTE_MS = 60_000;
const SOURCE = 'collector' satisfies Source;

/** The facts of one record. */
interface ParsedRecord {
  place: string;
  body: Buffer;
  facts: ReportedFact[];
}

/**
 * Writes the facts of a batch, its malformed facts and the cursor in one transaction. If the store refuses the batch, each
 * record is written in its own transaction and a refused one is stored as rejected, so that one bad record does not block
 * the partition.
 */
export async function collectFacts(context: Context, batch: TopicBatch): Promise<Collected> {
  const parsedRecords: ParsedRecord[] = [];
  const rejected: Rejected[] = [];
  let dropped = 0;
  for (const record of batch.records) {
    const place = positionText(record);
    const body = record.value ?? Buffer.alloc(0);
    try {
      const parsed = parseBatch(JSON.parse(body.toString('utf8')));
      parsedRecords.push({ place, body, facts: parsed.facts });
      dropped += parsed.dropped;
      for (const item of parsed.rejected) {
        rejected.push({
          place: `${place} ${item.place}`,
          reason: item.reason,
          body: Buffer.from(JSON.stringify(item.fact)),
        });
      }
    } catch (error) {
      if (error instanceof CourierError && error.code !== 'invalid_input') throw error;
      rejected.push({ place, reason: sentenceOf(error), body });
    }
  }
  const facts = parsedRecords.flatMap((parsedRecord) => parsedRecord.facts);
  const write = (some: ReportedFact[]) =>
    recordFacts(context, some, {
      source: SOURCE,
      isReported: true,
      async also(client) {
        await batch.claim(client);
        await keepRejected(client, context.cluster.id, SOURCE, rejected);
      },
    });
  try {
    await write(facts);
  } catch (error) {
    if (!isRefusedByStore(error)) throw error;
    rejected.push(...(await writeApart(context, parsedRecords)));
    await write([]);
  }
  const youngest = batch.records.at(-1)?.timestamp ?? context.now().getTime();
  return {
    facts: facts.length,
    rejected: rejected.length,
    dropped,
    delayMs: Math.max(0, context.now().getTime() - youngest),
  };
}

/** Writes the facts of each record in a transaction of its own. @returns the records that the store refused */
async function writeApart(context: Context, parsedRecords: ParsedRecord[]): Promise<Rejected[]> {
  const refused: Rejected[] = [];
  for (const { place, body, facts } of parsedRecords) {
    try {
      await recordFacts(context, facts, { source: SOURCE, isReported: true });
    } catch (error) {
      if (!isRefusedByStore(error)) throw error;
      refused.push({ place, body, reason: sentenceOf(error) });
    }
  }
  return refused;
}

/** Writes once a minute that the collector is running, so that a quiet minute is not a gap. @param last time of the last write */
export async function markCollecting(context: Context, last: Date | null): Promise<Date> {
  const now = context.now();
  if (last && Math.floor(last.getTime() / MINUTE_MS) === Math.floor(now.getTime() / MINUTE_MS)) return last;
  await markWatched(context.store, context.cluster.id, now);
  return now;
}
