import type { z } from 'zod';
import type { Fact, ReportedFact } from '@/lib/protocol/fact';
import type { PoolClient } from '@/lib/postgres';
import { OfAnotherMessage } from '@/lib/store/facts/lock-known';
import { mergeFacts, type MergeOptions } from '@/lib/store/facts/merge';
import { keepWaiting } from '@/lib/store/facts/waiting';
import type { Context } from '@/lib/context/context';
import { invalid } from '@/lib/errors';
import { COPIED_FROM, doubtAhead } from './doubt-ahead';
import { factBatch, reportedFact } from '@/lib/protocol/fact-schema';
import { believableTime } from '@/lib/protocol/identity';
import { idOfStranger } from '@/lib/protocol/derived-ids';
import { idsOf } from './name-facts';
import { NO_OTHERS, ownIds } from './own-ids';
import { topicOfFact } from '@/lib/domain/messages/reporters';
import { roleOfTopic } from '@/lib/protocol/topics';
import {
  holdLetterTopics,
  recordReported,
  removeReadLetters,
  type ReportedLetter,
} from '@/lib/store/dead-letters/reported';
import type { Catalog } from '@/lib/store/names/catalog';

export interface ParsedBatch {
  facts: ReportedFact[];
  /** Malformed facts, by their index in the batch. */
  rejected: { place: string; reason: string; fact: unknown }[];
  dropped: number;
}

/** Parses a batch of facts. @throws CourierError invalid_input for something that is not a batch */
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

/** The problems of a malformed fact, by field. */
export function reasonOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
}

/** Options of a write. */
interface RecordOptions {
  source: string;
  /** Whether services made the ids, so that their clocks may be wrong. */
  isReported?: boolean;
  /**
   * Further writes in the same transaction.
   * @param idOf maps an id to the one that the message has here, if it is on that topic
   */
  also?: (client: PoolClient, idOf: (messageId: string, topic: string) => string) => Promise<void>;
  /** What is to be done in the transaction once the facts are written. */
  afterwards?: MergeOptions['afterwards'];
}

/**
 * Writes facts. A fact that names its message by an unknown position or sender's id waits until the message is known. A
 * failed send does not wait, because its message may have no other fact. Messages whose id is that of a message of another
 * cluster or topic get ids of their own, and are also found by their original ids.
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
    const own = catalog.meetsOthers ? await ownIds(context, facts) : NO_OTHERS;
    const renamedFacts = facts.map((fact) => renamed(fact, own.of(fact.messageId, topicOfFact(fact))));
    const letters = await reportedLetters(catalog, renamedFacts);
    try {
      const { added } = await mergeFacts(store, catalog, {
        source,
        facts: renamedFacts,
        receivedAt,
        async also(client) {
          await holdLetterTopics(
            client,
            letters.map(({ topicId }) => topicId),
            'reporter',
          );
          await options.also?.(client, (id, topic) => own.of(id, topic));
          await keepWaiting(client, cluster.id, kept);
        },
        async afterwards(client, counts) {
          await options.afterwards?.(client, counts);
          await recordReported(client, letters);
          await removeReadLetters(client, catalog, letters, counts);
        },
      });
      return { added, waiting: waiting.length };
    } catch (error) {
      if (!(error instanceof OfAnotherMessage)) throw error;
      catalog.meetsOthers = true;
    }
  }
}

/** The dead letters that facts name on topics of services. One on its message's own topic is a retry by another name. */
async function reportedLetters(catalog: Catalog, facts: readonly Fact[]): Promise<ReportedLetter[]> {
  const named = facts.flatMap((fact) => {
    const to = fact.gaveUp?.to;
    return to && roleOfTopic(to.topic) === 'message' && to.topic !== topicOfFact(fact) ? [{ fact, to }] : [];
  });
  if (named.length === 0) return [];
  const topics = await catalog.topicIds(named.map(({ to }) => to.topic));
  const groups = await catalog.groupIds(named.flatMap(({ fact }) => fact.group ?? []));
  return named.map(({ fact, to }) => ({
    topicId: topics.get(to.topic) ?? 0,
    partition: to.partition,
    offset: BigInt(to.offset).toString(),
    messageId: fact.messageId,
    groupId: groups.get(fact.group ?? '') ?? null,
    at: new Date(fact.at),
  }));
}

function renamed(fact: Fact, messageId: string): Fact {
  if (messageId === fact.messageId) return fact;
  const from = { name: COPIED_FROM, value: fact.messageId };
  return { ...fact, messageId, idHeaders: [...(fact.idHeaders ?? []), from] };
}

/** Splits facts into those that can be written and those that wait for their message. */
async function nameAll(
  context: Context,
  given: ReportedFact[],
): Promise<{ facts: Fact[]; waiting: ReportedFact[] }> {
  const nameless = given.filter((fact) => fact.messageId === undefined);
  const found = nameless.length === 0 ? [] : await idsOf(context, nameless);
  const now = context.now().getTime();
  const ids = new Map<ReportedFact, string>();
  const strangers = new Map<string, string>();
  for (const [at, fact] of nameless.entries()) {
    const id = found[at];
    if (id) ids.set(fact, id);
    else if (fact.kind === 'send_failed') {
      const sentAt = Date.parse(fact.message?.sentAt ?? fact.at);
      // Several of one batch may be tries of one message, each with a time of its own.
      const name = JSON.stringify([fact.position, fact.message?.topic, fact.message?.producerId]);
      const made =
        strangers.get(name) ?? idOfStranger(context.cluster.name, fact, believableTime(sentAt, now));
      strangers.set(name, made);
      ids.set(fact, made);
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

/** A fact with the id of its message; stored facts do not have the time of their record. */
function named({ recordTime: _, ...fact }: ReportedFact, messageId: string): Fact {
  return { ...fact, messageId };
}
