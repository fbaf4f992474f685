import type { Pool } from 'pg';
import { foldFacts, type Fold } from '@/lib/domain/messages/fold';
import { expectationsOf, isArrival } from '@/lib/domain/messages/expected';
import { topicOfFact } from '@/lib/domain/messages/reporters';
import type { Fact } from '@/lib/protocol/fact';
import { isRepeatedKey } from '../sql/binary-copy';
import type { Catalog } from '../names/catalog';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import { addFacts, type Reading } from './add-facts';
import { countMinutes } from './count-minutes';
import { addRefs } from './refs';
import { lockKnown, OfAnotherMessage, type Known } from './lock-known';
import { addMessages, joinMessages, writeDeliveries, type Ids } from './write-rows';
import { readSubscribers } from './subscribers';

export interface MergeOptions extends Reading {
  facts: Fact[];
  /** More to be written in the same transaction: the cursor of the source, dead letters, gaps. Throw to undo all. */
  also?: (client: PoolClient) => Promise<void>;
}

export interface MergeResult {
  /** Facts that were not known before, expectations included. */
  added: number;
}

/**
 * Writes facts and merges their content into `message` and `delivery`, in one transaction. The rule that merges a column
 * does not depend on order, and a fact whose id is known adds nothing, so any batch may be repeated.
 * @throws OfAnotherMessage when an id is that of a message of another cluster or topic; nothing is written then
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
    const ids = { clusterId: catalog.clusterId, topics, groups };
    const once = new Map(options.facts.map((fact) => [fact.factId, fact]));
    const facts = await addFacts(client, [...once.values()].sort(inOrder), ids, options);
    const { fold, known, fresh, expected } = await claimMessages(client, facts, ids, options);
    await writeDeliveries(client, [...fold.deliveries.values()], ids, known);
    const before = [...fold.messages.values()].filter((row) => known.has(row.id));
    await joinMessages(client, fold, before, ids, known);
    await addRefs(client, catalog.clusterId, facts, fresh);
    await countMinutes(client, catalog.clusterId, facts, fresh, options.receivedAt);
    return { added: facts.length + expected };
  });
}

interface Claimed {
  fold: Fold;
  known: Map<string, Known>;
  /** Ids of messages that were not known before; their rows are written. */
  fresh: Set<string>;
  /** Number of `expected` facts that were added. */
  expected: number;
}

/**
 * Holds the messages that are known and writes those that are new, each in the order of their ids. Known ones come first:
 * who waits for a message that another is about to write holds only what that other has no need of, so none deadlocks.
 * @param facts in order
 */
async function claimMessages(
  client: PoolClient,
  facts: Fact[],
  ids: Ids,
  reading: Reading,
): Promise<Claimed> {
  const wanted = [...new Set(facts.map((fact) => fact.messageId))];
  const topics = topicsOfMessages(facts, ids);
  await client.query('SAVEPOINT claim');
  for (;;) {
    const locking = lockKnown(client, ids.clusterId, wanted, (id) => topics.get(id));
    // Meanwhile. Its messages come out in the order of the facts.
    const fold = foldFacts(facts);
    const known = await locking;
    const fresh = new Set(wanted.filter((id) => !known.has(id)));
    const awaited = await readExpected(client, facts, fresh, ids);
    const expected = await addFacts(client, awaited, ids, reading);
    foldFacts(expected, fold);
    try {
      const rows = [...fold.messages.values()].filter((row) => fresh.has(row.id));
      await addMessages(client, fold, rows, ids);
      return { fold, known, fresh, expected: expected.length };
    } catch (error) {
      if (!isRepeatedKey(error)) throw error;
      // Another writer was quicker with one of them: it is known now.
      await client.query('ROLLBACK TO SAVEPOINT claim');
    }
  }
}

/** Numbers of the topics that facts place their messages on. @throws OfAnotherMessage where one has two */
function topicsOfMessages(facts: readonly Fact[], ids: Ids): Map<string, number> {
  const topics = new Map<string, number>();
  for (const fact of facts) {
    const name = topicOfFact(fact);
    const topic = name === undefined ? undefined : ids.topics.get(name);
    if (topic === undefined) continue;
    const known = topics.get(fact.messageId);
    if (known !== undefined && known !== topic)
      throw new OfAnotherMessage(`${fact.messageId} is on two topics`);
    topics.set(fact.messageId, topic);
  }
  return topics;
}

/** The order in which all writers write: two writers of the same facts wait for each other instead of deadlocking. */
function inOrder(a: Fact, b: Fact): number {
  if (a.messageId !== b.messageId) return a.messageId < b.messageId ? -1 : 1;
  return a.factId < b.factId ? -1 : 1;
}

function topicsOf(fact: Fact): string[] {
  return [fact.message?.topic, fact.position?.topic, fact.gaveUp?.to?.topic].filter(
    (name) => name !== undefined,
  );
}

/** The `expected` facts of messages whose first position appeared in this batch; makes their groups known to `ids`. */
async function readExpected(
  client: PoolClient,
  facts: readonly Fact[],
  fresh: ReadonlySet<string>,
  ids: Ids,
): Promise<Fact[]> {
  const arrivals = facts.filter((fact) => isArrival(fact, fresh));
  if (arrivals.length === 0) return [];
  const topicIds = arrivals.map((fact) => ids.topics.get(fact.position?.topic ?? '') ?? 0);
  const subscribers = await readSubscribers(client, [...new Set(topicIds)]);
  const expected = expectationsOf(arrivals, subscribers);
  const groups = new Map(subscribers.map(({ group, groupId }) => [group, groupId]));
  for (const { group = '' } of expected) ids.groups.set(group, groups.get(group) ?? 0);
  return expected.sort(inOrder);
}
