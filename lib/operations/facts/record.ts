import { hash } from 'node:crypto';
import type { z } from 'zod';
import { uuidV7From } from '@/lib/domain/uuid';
import type { Fact, Position } from '@/lib/protocol/fact';
import { mergeFacts, type MergeOptions } from '@/lib/store/facts/merge';
import { incarnationsOf } from '@/lib/store/topics';
import type { Context } from '../context';
import { invalid } from '../operation';
import { factBatch, reportedFact, type ReportedFact } from './fact-schema';

export interface ParsedBatch {
  facts: ReportedFact[];
  /** Facts that do not fit, by their place in the batch. */
  rejected: { place: string; reason: string; fact: unknown }[];
  dropped: number;
}

/** Takes a batch apart. @throws CourierError invalid_input when it is no batch at all */
export function parseBatch(given: unknown): ParsedBatch {
  const batch = factBatch.safeParse(given);
  if (!batch.success) throw invalid(batch.error);
  const parsed: ParsedBatch = { facts: [], rejected: [], dropped: batch.data.dropped ?? 0 };
  batch.data.facts.forEach((fact, index) => {
    const one = reportedFact.safeParse(fact);
    if (one.success) parsed.facts.push(one.data);
    else parsed.rejected.push({ place: `facts.${index}`, reason: reasonOf(one.error), fact });
  });
  return parsed;
}

/** What is wrong with a fact, place by place. */
export function reasonOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/**
 * Writes facts. Those that name their message only by its place get the id that every reader of that record computes:
 * UUIDv7(record time, hash(cluster, incarnation, partition, offset)).
 */
export async function recordFacts(
  context: Context,
  given: ReportedFact[],
  options: Omit<MergeOptions, 'facts' | 'receivedAt'>,
): Promise<number> {
  const topics = given.flatMap((fact) =>
    fact.messageId === undefined && fact.position ? [fact.position.topic] : [],
  );
  const incarnations = await knownIncarnations(context, [...new Set(topics)]);
  const facts = given.map(({ recordTime, ...fact }): Fact => {
    const { messageId, position } = fact;
    if (messageId !== undefined || position === undefined) return fact as Fact;
    const incarnation = incarnations.get(position.topic) ?? null;
    return {
      ...fact,
      messageId: idOfRecord(context.cluster.name, incarnation, position, recordTime ?? 0),
    } as Fact;
  });
  const { added } = await mergeFacts(context.store, context.catalog, {
    ...options,
    facts,
    receivedAt: context.now(),
  });
  return added;
}

/**
 * The id of a message that has none of its own: every reader of its record computes the same.
 * @param recordTime milliseconds since 1970
 */
export function idOfRecord(
  cluster: string,
  incarnation: string | null,
  { topic, partition, offset }: Position,
  recordTime: number,
): string {
  const place = [cluster, incarnation ?? topic, partition, offset].join('\n');
  return uuidV7From(recordTime, hash('sha256', place, 'buffer'));
}

async function knownIncarnations(context: Context, topics: string[]): Promise<Map<string, string>> {
  if (topics.length === 0) return new Map();
  const known = await incarnationsOf(context.store, context.cluster.id, topics);
  if (topics.every((topic) => known.has(topic))) return known;
  for (const topic of await context.broker.topics()) {
    if (topic.incarnation) known.set(topic.name, topic.incarnation);
  }
  return known;
}
