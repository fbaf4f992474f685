import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { foldFacts, type DeliveryRow, type Fold, type MessageRow } from '@/lib/domain/fold';
import { timeOfUuidV7, uuidV7From } from '@/lib/domain/uuid';
import type { Fact } from '@/lib/protocol/fact';
import { roleOfTopic } from '@/lib/protocol/topics';
import type { Catalog } from '@/lib/store/catalog';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import { addFacts, type FactRow } from './copy';
import { countMinutes } from './count-minutes';
import { addRefs, refsOf } from './refs';
import { findNew, insertNew } from './insert-new';
import { joinDeliveries, joinMessages, settleStatuses } from './join-rows';
import { expectedBy, type Subscriber } from './subscribers';

export interface MergeOptions {
  /** Where the facts were read: the SDK's topic, the intake, a dead-letter topic. */
  source: string;
  facts: Fact[];
  receivedAt: Date;
  /** More to be written in the same transaction: the cursor of the source, dead letters, gaps. Throw to undo all. */
  also?: (client: PoolClient) => Promise<void>;
}

export interface MergeResult {
  /** Facts that were not known before, expectations included. */
  added: number;
}

/**
 * Writes facts and joins what they say into `message` and `delivery`, in one transaction. Every column is joined by a
 * rule that does not care for order, and a fact whose id is known adds nothing, so any batch may come again.
 */
export async function mergeFacts(pool: Pool, catalog: Catalog, options: MergeOptions): Promise<MergeResult> {
  const topics = await catalog.topicIds(options.facts.flatMap(topicsOf));
  const groups = await catalog.groupIds(options.facts.flatMap((fact) => fact.group ?? []));
  await catalog.rememberTypes(
    options.facts.flatMap(({ message }) =>
      message?.type
        ? [{ topicId: topics.get(message.topic) ?? 0, type: message.type, service: message.service ?? '' }]
        : [],
    ),
  );
  return inTransaction(pool, async (client) => {
    // First, so that a batch that another process took is refused before any work is done.
    await options.also?.(client);
    const toRow = (fact: Fact): FactRow => rowOf(fact, catalog.clusterId, options, topics, groups);
    const byId = new Map(options.facts.map((fact) => [fact.factId, fact]));
    // Always in the same order, so that two writers of the same facts wait for each other instead of deadlocking.
    const sorted = [...byId.values()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
    const added = await addFacts(client, sorted.map(toRow));
    const facts = added.flatMap((row) => byId.get(row.factId) ?? []);
    const ids = [...new Set(facts.map((fact) => fact.messageId))].sort();
    let fresh = await findNew(client, ids);
    const expected = await expectations(client, facts, fresh, topics);
    for (const one of expected) groups.set(one.group ?? '', one.groupId);
    const addedExpected = await addFacts(client, expected.map(toRow));
    const expectedIds = new Set(addedExpected.map((row) => row.factId));
    const all = [...facts, ...expected.filter((fact) => expectedIds.has(fact.factId))];

    const ofNew = all.filter((fact) => fresh.has(fact.messageId));
    const refs = ofNew.flatMap(refsOf);
    const isIn = await insertNew(client, catalog.clusterId, foldFacts(ofNew), refs, topics, groups);
    const known = isIn ? all.filter((fact) => !fresh.has(fact.messageId)) : all;
    const fold = foldFacts(known);
    const joined = await joinMessages(client, catalog.clusterId, sortedMessages(fold), topics);
    if (!isIn) fresh = joined;
    await joinDeliveries(client, sortedDeliveries(fold), groups);
    await addRefs(client, catalog.clusterId, known.flatMap(refsOf));
    await countMinutes(client, catalog.clusterId, facts, fresh);
    await settleStatuses(client, [...fold.messages.keys()].sort());
    return { added: added.length + addedExpected.length };
  });
}

function topicsOf(fact: Fact): string[] {
  return [fact.message?.topic, fact.position?.topic, fact.gaveUp?.to?.topic].filter(
    (name) => name !== undefined,
  );
}

function orderOf(fact: Fact): string {
  return fact.messageId + fact.factId;
}

function sortedMessages(fold: Fold): MessageRow[] {
  return [...fold.messages.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function sortedDeliveries(fold: Fold): DeliveryRow[] {
  return [...fold.deliveries.values()].sort((a, b) =>
    a.messageId === b.messageId ? (a.group < b.group ? -1 : 1) : a.messageId < b.messageId ? -1 : 1,
  );
}

function rowOf(
  fact: Fact,
  clusterId: number,
  options: MergeOptions,
  topics: Map<string, number>,
  groups: Map<string, number>,
): FactRow {
  return {
    messageId: fact.messageId,
    factId: fact.factId,
    clusterId,
    kind: fact.kind,
    source: options.source,
    groupId: fact.group === undefined ? null : (groups.get(fact.group) ?? null),
    at: new Date(fact.at),
    receivedAt: options.receivedAt,
    generation: fact.generation ?? 0,
    topicId: fact.position ? (topics.get(fact.position.topic) ?? null) : null,
    partition: fact.position?.partition ?? null,
    offset: fact.position ? BigInt(fact.position.offset) : null,
    body: JSON.stringify(fact),
  };
}

type Expected = Fact & { groupId: number };

/**
 * The `expected` facts of messages whose first position appeared in this batch: one for each group that reports
 * outcomes, is subscribed to the topic and takes the type. Their ids follow from message and group.
 */
async function expectations(
  client: PoolClient,
  facts: Fact[],
  fresh: Set<string>,
  topics: Map<string, number>,
): Promise<Expected[]> {
  const arrived = facts.filter(
    (fact) =>
      fact.position !== undefined &&
      roleOfTopic(fact.position.topic) === 'message' &&
      (fact.kind === 'committed' || fresh.has(fact.messageId)),
  );
  if (arrived.length === 0) return [];
  const subscribers = await expectedBy(client, [
    ...new Set(arrived.map((fact) => topics.get(fact.position?.topic ?? '') ?? 0)),
  ]);
  const found = new Map<string, Expected>();
  for (const fact of arrived) {
    const topicId = topics.get(fact.position?.topic ?? '');
    for (const subscriber of subscribers) {
      if (subscriber.topicId !== topicId || !takes(subscriber, fact.message?.type)) continue;
      // What a topic held before a group told of itself may be handled long since.
      if (
        fact.kind === 'indexed' &&
        Date.parse(fact.message?.sentAt ?? fact.at) < subscriber.beganAt.getTime()
      )
        continue;
      const factId = expectedId(fact.messageId, subscriber.group);
      found.set(factId, {
        factId,
        kind: 'expected',
        messageId: fact.messageId,
        at: fact.at,
        group: subscriber.group,
        groupId: subscriber.groupId,
      });
    }
  }
  return [...found.values()].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function takes(subscriber: Subscriber, type: string | undefined): boolean {
  return subscriber.types === null || type === undefined || subscriber.types.includes(type);
}

function expectedId(messageId: string, group: string): string {
  const hash = createHash('sha256').update(`expected ${messageId} ${group}`).digest();
  return uuidV7From(timeOfUuidV7(messageId), hash);
}
