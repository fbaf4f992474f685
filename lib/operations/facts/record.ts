import type { z } from 'zod';
import type { Fact } from '@/lib/protocol/fact';
import { mergeFacts, type MergeOptions } from '@/lib/store/facts/merge';
import { keepWaiting } from '@/lib/store/facts/waiting';
import type { Context } from '../context';
import { invalid } from '../operation';
import { factBatch, reportedFact, type ReportedFact } from './fact-schema';
import { idOfStranger, idsOf } from './name-facts';

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
 * Writes facts. Those that name their message by what is not known of any yet are kept until it is; a send that failed
 * waits for nothing, since its message may never come to be known otherwise.
 */
export async function recordFacts(
  context: Context,
  given: ReportedFact[],
  options: Omit<MergeOptions, 'facts' | 'receivedAt'>,
): Promise<{ added: number; waiting: number }> {
  const receivedAt = context.now();
  const { cluster, store, catalog } = context;
  const nameless = given.filter((fact) => fact.messageId === undefined);
  const ids = new Map<ReportedFact, string>();
  const found = nameless.length === 0 ? [] : await idsOf(context, nameless);
  for (const [at, fact] of nameless.entries()) {
    const id = found[at];
    if (id) ids.set(fact, id);
    else if (fact.kind === 'send_failed')
      ids.set(fact, idOfStranger(cluster.name, fact, Date.parse(fact.message?.sentAt ?? fact.at)));
  }
  const waiting = new Set(nameless.filter((fact) => !ids.has(fact)));
  const { added } = await mergeFacts(store, catalog, {
    ...options,
    facts: given.filter((fact) => !waiting.has(fact)).map((fact) => named(fact, ids.get(fact))),
    receivedAt,
    async also(client) {
      await options.also?.(client);
      const { source } = options;
      const kept = [...waiting].map((fact) => ({
        factId: fact.factId,
        source,
        body: JSON.stringify(fact),
        receivedAt,
      }));
      await keepWaiting(client, cluster.id, kept);
    },
  });
  return { added, waiting: waiting.size };
}

/** A fact under the id of its message. */
export function named(fact: ReportedFact, messageId?: string): Fact {
  // As facts are kept, they have an id and no time of their record; most come so.
  if (fact.messageId !== undefined && fact.recordTime === undefined) return fact as Fact;
  return { ...fact, messageId: fact.messageId ?? messageId, recordTime: undefined } as unknown as Fact;
}
