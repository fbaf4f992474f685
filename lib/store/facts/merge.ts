import type { Pool } from 'pg';
import { copiesOf, foldFacts, positionsOf, textOfPosition, type Fold } from '@/lib/domain/messages/fold';
import { expectationsOf, isArrival } from '@/lib/domain/messages/expected';
import { topicOfFact } from '@/lib/domain/messages/reporters';
import type { Fact } from '@/lib/protocol/fact';
import { groupBy } from '@/lib/values/group-by';
import { isRepeatedKey, meanwhile } from '../sql/binary-copy';
import type { Catalog } from '../names/catalog';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import { moveFormer } from '../former/move';
import { addFacts, sendFacts } from './add-facts';
import { countMinutes } from './count-minutes';
import { countMessage, outcomesOf } from './count-plans';
import { StatusCounts } from './count-statuses';
import { foldAnew } from './fold-anew';
import { lockKnown, OfAnotherMessage, type Known } from './lock-known';
import { Numbers, type Reading } from './numbers';
import { planKnown, planNew, type MessagePlan } from './plan-messages';
import { addRefs, copyRefs, hashOfRef, refRowsOf, type RefRow } from './refs';
import { readSubscribers } from './subscribers';
import { sendDeliveries } from './write-deliveries';
import {
  sendMessages,
  addSendFailures,
  isChanged,
  replaceMessages,
  updateShapeOfDeliveries,
} from './write-messages';

export interface MergeOptions extends Reading {
  facts: Fact[];
  /** More to be written in the same transaction: the cursor of the source, dead letters, gaps. Throw to undo all. */
  also?: (client: PoolClient) => Promise<void>;
  /** What is to be done once the facts are written. @param counts changes of how many messages there are, written afterwards */
  afterwards?: (client: PoolClient, counts: StatusCounts) => Promise<void>;
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
  const numbers = await Numbers.of(catalog, options.facts, () => options);
  await catalog.rememberTypes(
    options.facts.flatMap(({ message }) =>
      message?.type
        ? [
            {
              topicId: numbers.topicOf(message.topic) ?? 0,
              type: message.type,
              service: message.service ?? '',
            },
          ]
        : [],
    ),
  );
  const sorted = options.facts.toSorted(inOrder);
  const once = sorted.filter((fact, at) => !isSameFact(fact, sorted[at + 1]));
  return inTransaction(pool, async (client) => {
    // First, so that a batch that another process took is refused before any work is done.
    await options.also?.(client);
    if (once.length === 0) return { added: 0 };
    const ids = [...new Set(once.map((fact) => fact.messageId))];
    const counts = new StatusCounts(numbers.clusterId);
    await moveFormer(client, catalog, ids, counts);
    // What the index read is a column of its message; a repetition changes nothing there.
    const given = once.filter((fact) => fact.kind !== 'indexed');
    const sent = await sendFacts(client, given, numbers);
    // While the database takes them in. Of most batches all facts are new.
    const ofAll = foldFacts(once);
    const reported = await sent.done;
    const isAllNew = reported.length === given.length;
    const batch: Batch = {
      client,
      numbers,
      facts: isAllNew
        ? once
        : merged(
            reported,
            once.filter((fact) => fact.kind === 'indexed'),
          ),
      fold: isAllNew ? ofAll : null,
      ids,
      counts,
    };
    const claimed = await claimMessages(batch);
    const added = await writeClaimed(batch, claimed);
    await options.afterwards?.(client, counts);
    await counts.write(client);
    const facts = batch.facts.filter((fact) => fact.kind !== 'indexed' || added.has(fact));
    const sentAtOf = (id: string) =>
      claimed.known.get(id)?.row.sentAt ?? claimed.fold.messages.get(id)?.sentAt ?? null;
    await countMinutes(client, numbers.clusterId, facts, claimed.fresh, sentAtOf, options.receivedAt);
    return { added: facts.length + claimed.expected };
  });
}

interface Batch {
  client: PoolClient;
  numbers: Numbers;
  /** In order: facts that were not known, and everything that the index read. */
  facts: Fact[];
  /** What they add up to, where that is known already. */
  fold: Fold | null;
  /** Ids of all messages of the batch, in order. */
  ids: string[];
  /** Written at the end, since writers of one minute wait for each other. */
  counts: StatusCounts;
}

interface Claimed {
  fold: Fold;
  known: Map<string, Known>;
  /** Ids of messages that were not known before; their rows are written. */
  fresh: Set<string>;
  plans: MessagePlan[];
  /** Refs of the new ones. */
  refs: RefRow[];
  /** The facts of each message. */
  byMessage: Map<string, Fact[]>;
  /** Number of `expected` facts that were added. */
  expected: number;
}

/**
 * Holds the messages that are known and writes those that are new, each in the order of their ids. Known ones come first:
 * who waits for a message that another is about to write holds only what that other has no need of, so none deadlocks.
 */
async function claimMessages({ client, numbers, facts, ids, ...given }: Batch): Promise<Claimed> {
  const byMessage = groupBy(facts, (fact) => fact.messageId);
  const wanted = [...new Set(facts.map((fact) => fact.messageId))];
  if (wanted.length < ids.length) ids = wanted;
  const topics = topicsOfMessages(facts);
  await client.query('SAVEPOINT claim');
  for (;;) {
    const locking = lockKnown(client, numbers.catalog, ids, (id) => topics.get(id));
    // Meanwhile. Its messages come out in the order of the facts.
    const fold = given.fold ?? foldFacts(facts);
    given.fold = null;
    const known = await locking;
    const fresh = new Set(ids.filter((id) => !known.has(id)));
    const awaited = await readExpected(client, facts, fresh, numbers);
    const expected = await addFacts(client, awaited, numbers);
    foldFacts(expected, fold);
    const rows = [...fold.messages.values()].filter((row) => fresh.has(row.id));
    const plans = rows.map((row) => planNew(row, fold, indexedAmong(byMessage.get(row.id))));
    await numbers.learnShapes(plans.map(({ row }) => row.description));
    try {
      const sent = await sendMessages(client, plans, numbers);
      const refs = plans.flatMap((plan) => refRowsOf(plan, byMessage.get(plan.row.id) ?? []));
      await sent.done;
      return { fold, known, fresh, plans, refs, byMessage, expected: expected.length };
    } catch (error) {
      if (!isRepeatedKey(error)) throw error;
      // Another writer was quicker with one of them: it is known now.
      await client.query('ROLLBACK TO SAVEPOINT claim');
    }
  }
}

/** Writes everything else of a batch whose messages are held. @returns what the index read and was not known */
async function writeClaimed({ client, numbers, facts, counts }: Batch, claimed: Claimed): Promise<Set<Fact>> {
  const { fold, known, fresh, byMessage } = claimed;
  const factsOf = (id: string) => byMessage.get(id) ?? [];
  const joined: MessagePlan[] = [];
  const anew: string[] = [];
  for (const row of fold.messages.values()) {
    const before = known.get(row.id);
    if (!before) continue;
    const plan = planKnown(before, row, fold.positions.get(row.id) ?? [], indexedAmong(factsOf(row.id)));
    if (plan) joined.push(plan);
    else anew.push(row.id);
  }
  await numbers.learnShapes(joined.map(({ row }) => row.description));
  const outcomes = outcomesOf(fold, numbers);
  const isAnew = new Set(anew);
  const described = new Map([...claimed.plans, ...joined].map(({ row }) => [row.id, row.description]));
  const added = new Set<Fact>();
  const writing = await sendDeliveries(
    client,
    [...fold.deliveries.values()].filter(({ messageId }) => !isAnew.has(messageId)),
    numbers,
    (id) => described.get(id),
    known,
  );
  await meanwhile(writing, async () => {
    for (const plan of [...claimed.plans, ...joined])
      countMessage(counts, numbers, plan.row, known.get(plan.row.id), outcomes.get(plan.row.id));
    await addSendFailures(
      client,
      [...fold.messages.values()].filter((row) => !isAnew.has(row.id)),
    );
    const further = [...claimed.plans, ...joined].flatMap((plan) => plan.further).sort(inOrder);
    for (const fact of await addFacts(client, further, numbers)) added.add(fact);
    await copyRefs(client, claimed.refs);
    await updateKnown(client, numbers, joined, known, { factsOf, added });
  });
  if (anew.length > 0) {
    const reread = anew.flatMap(factsOf);
    for (const fact of reread.filter((item) => item.kind === 'indexed')) added.add(fact);
    await foldAnew(client, numbers, anew, known, reread, counts);
  }
  for (const fact of facts) if (fact.kind === 'indexed' && fresh.has(fact.messageId)) added.add(fact);
  return added;
}

/** Writes what joining changed of known messages: their refs and rows. */
async function updateKnown(
  client: PoolClient,
  numbers: Numbers,
  plans: readonly MessagePlan[],
  known: ReadonlyMap<string, Known>,
  { factsOf, added }: { factsOf: (id: string) => Fact[]; added: Set<Fact> },
): Promise<void> {
  const refs: RefRow[] = [];
  for (const plan of plans) {
    refs.push(...refRowsOf(plan, factsOf(plan.row.id)));
    // A key that gave way to another is still searched for.
    const key = known.get(plan.row.id)?.row.description.key;
    if (key !== undefined && key !== plan.row.description.key)
      refs.push({ messageId: plan.row.id, hash: hashOfRef('key', key) });
  }
  const newRefs = await addRefs(client, refs);
  const changed: MessagePlan[] = [];
  const reshaped: MessagePlan[] = [];
  for (const plan of plans) {
    const before = known.get(plan.row.id);
    if (!before) continue;
    plan.copies += newCopies(before, plan, factsOf(plan.row.id), newRefs);
    if (!isChanged(before, plan)) continue;
    changed.push(plan);
    if (numbers.shapeOf(plan.row.description).id !== before.shapeId) reshaped.push(plan);
    if (before.indexed === null && plan.indexed !== null)
      for (const fact of factsOf(plan.row.id)) if (fact.kind === 'indexed') added.add(fact);
  }
  await replaceMessages(client, changed, numbers);
  await updateShapeOfDeliveries(client, reshaped, numbers);
}

/** On how many places of topics of services a known message is that were not known before. */
function newCopies(
  before: Known,
  plan: MessagePlan,
  facts: readonly Fact[],
  newRefs: ReadonlySet<string>,
): number {
  let count = before.own === null && plan.own !== null ? 1 : 0;
  if (newRefs.size === 0) return count;
  const places = new Map(facts.flatMap(positionsOf).map((place) => [textOfPosition(place), place]));
  for (const [text, place] of places)
    if (newRefs.has(`${hashOfRef('position', text)} ${plan.row.id}`))
      count += copiesOf([place], plan.row.description.topic);
  return count;
}

/** The topics that facts place their messages on. @throws OfAnotherMessage where one has two */
function topicsOfMessages(facts: readonly Fact[]): Map<string, string> {
  const topics = new Map<string, string>();
  for (const fact of facts) {
    const topic = topicOfFact(fact);
    if (topic === undefined) continue;
    if ((topics.get(fact.messageId) ?? topic) !== topic)
      throw new OfAnotherMessage(`${fact.messageId} is on two topics`);
    topics.set(fact.messageId, topic);
  }
  return topics;
}

/** The order in which all writers write: two writers of the same facts wait for each other instead of deadlocking. */
export function inOrder(a: Fact, b: Fact): number {
  if (a.messageId !== b.messageId) return a.messageId < b.messageId ? -1 : 1;
  return a.factId < b.factId ? -1 : 1;
}

function indexedAmong(facts: readonly Fact[] = []): Fact[] {
  return facts.filter((fact) => fact.kind === 'indexed');
}

function isSameFact(a: Fact, b: Fact | undefined): boolean {
  return a.factId === b?.factId && a.messageId === b.messageId;
}

function merged(a: Fact[], b: Fact[]): Fact[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b].sort(inOrder);
}

/** The `expected` facts of messages whose first position appeared in this batch; makes their groups known to `numbers`. */
async function readExpected(
  client: PoolClient,
  facts: readonly Fact[],
  fresh: ReadonlySet<string>,
  numbers: Numbers,
): Promise<Fact[]> {
  const arrivals = facts.filter((fact) => isArrival(fact, fresh));
  if (arrivals.length === 0) return [];
  const topicIds = arrivals.map((fact) => numbers.topicOf(fact.position?.topic) ?? 0);
  const subscribers = await readSubscribers(client, [...new Set(topicIds)]);
  const expected = expectationsOf(arrivals, subscribers);
  const groups = new Map(subscribers.map(({ group, groupId }) => [group, groupId]));
  for (const { group = '' } of expected) numbers.groups.set(group, groups.get(group) ?? 0);
  await numbers.learn(expected);
  return expected.sort(inOrder);
}
