import type { z } from 'zod';
import type { Fact, ReportedFact } from '@/lib/protocol/fact';
import type { PoolClient } from '@/lib/postgres';
import { OfAnotherCluster } from '@/lib/store/facts/lock-known';
import { mergeFacts } from '@/lib/store/facts/merge';
import { keepWaiting } from '@/lib/store/facts/waiting';
import type { Context } from '@/lib/context/context';
import { invalid } from '@/lib/errors';
import { COPIED_FROM, doubtAhead } from './doubt-ahead';
import { factBatch, reportedFact } from '@/lib/protocol/fact-schema';
import { idOfStranger } from '@/lib/protocol/derived-ids';
import { idsOf } from './name-facts';
import { ownIds } from './own-ids';

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
    const item = reportedFact.safeParse(fact);
    if (item.success) parsed.facts.push(item.data);
    else parsed.rejected.push({ place: `facts.${index}`, reason: reasonOf(item.error), fact });
  });
  return parsed;
}

/** What is wrong with a fact, place by place. */
export function reasonOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/** What else is written with facts, in their transaction. */
interface RecordOptions {
  source: string;
  /** Whether the ids are the word of services, whose clocks may be wrong. */
  isReported?: boolean;
  /** @param idOf the id under which this cluster knows a message, which is another one where a mirror copied it here */
  also?: (client: PoolClient, idOf: (messageId: string) => string) => Promise<void>;
}

/**
 * Writes facts. Those that name their message by what is not known of any yet are kept until it is; a send that failed
 * waits for nothing, since its message may never come to be known otherwise. Messages that another cluster had first get
 * ids of their own here, and are found by the first ones too.
 */
export async function recordFacts(
  context: Context,
  given: ReportedFact[],
  options: RecordOptions,
): Promise<{ added: number; waiting: number }> {
  const receivedAt = context.now();
  const { cluster, store, catalog } = context;
  const believed = options.isReported ? await doubtAhead(context, given) : given;
  const { facts, waiting } = await nameAll(context, believed);
  const { source } = options;
  const kept = waiting.map((fact) => ({
    factId: fact.factId,
    source,
    body: JSON.stringify(fact),
    receivedAt,
  }));
  for (;;) {
    const own = catalog.meetsOthers
      ? await ownIds(
          context,
          facts.map((fact) => fact.messageId),
        )
      : NONE;
    try {
      const { added } = await mergeFacts(store, catalog, {
        source,
        facts: own.size === 0 ? facts : facts.map((fact) => mirrored(fact, own.get(fact.messageId))),
        receivedAt,
        async also(client) {
          await options.also?.(client, (id) => own.get(id) ?? id);
          await keepWaiting(client, cluster.id, kept);
        },
      });
      return { added, waiting: waiting.length };
    } catch (error) {
      if (!(error instanceof OfAnotherCluster)) throw error;
      catalog.meetsOthers = true;
    }
  }
}

const NONE: ReadonlyMap<string, string> = new Map();

function mirrored(fact: Fact, messageId: string | undefined): Fact {
  if (messageId === undefined) return fact;
  const from = { name: COPIED_FROM, value: fact.messageId };
  return { ...fact, messageId, idHeaders: [...(fact.idHeaders ?? []), from] };
}

/** Facts whose message is known or needs not to be, and those that wait for theirs. */
async function nameAll(
  context: Context,
  given: ReportedFact[],
): Promise<{ facts: Fact[]; waiting: ReportedFact[] }> {
  const nameless = given.filter((fact) => fact.messageId === undefined);
  const found = nameless.length === 0 ? [] : await idsOf(context, nameless);
  const ids = new Map<ReportedFact, string>();
  for (const [at, fact] of nameless.entries()) {
    const id = found[at];
    if (id) ids.set(fact, id);
    else if (fact.kind === 'send_failed') {
      const sentAt = Date.parse(fact.message?.sentAt ?? fact.at);
      ids.set(fact, idOfStranger(context.cluster.name, fact, sentAt));
    }
  }
  const waits = (fact: ReportedFact) => fact.messageId === undefined && !ids.has(fact);
  return {
    facts: given.flatMap((fact) => {
      const id = fact.messageId ?? ids.get(fact);
      return id === undefined ? [] : [named(fact, id)];
    }),
    waiting: nameless.filter(waits),
  };
}

/** A fact under the id of its message: as facts are kept, they have no time of their record. */
function named({ recordTime: _, ...fact }: ReportedFact, messageId: string): Fact {
  return { ...fact, messageId };
}
