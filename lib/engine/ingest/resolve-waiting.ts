import { groupBy } from '@/lib/values/group-by';
import { CourierError, sentenceOf } from '@/lib/errors';
import { isRefusedByStore } from '@/lib/postgres';
import type { Position } from '@/lib/protocol/fact';
import { roleOfTopic } from '@/lib/protocol/topics';
import { keepRejected } from '@/lib/store/facts/rejected';
import { dropWaiting, postponeWaiting, readWaiting, type WaitingFact } from '@/lib/store/facts/waiting';
import type { Context } from '@/lib/context/context';
import { readPolicies } from './topic-policies';
import type { ReportedFact } from '@/lib/protocol/fact';
import { reportedFact } from '@/lib/protocol/fact-schema';
import { indexRecords } from './index-records';
import { believableTime } from '@/lib/protocol/identity';
import { idOfStranger } from '@/lib/protocol/derived-ids';
import type { Source } from '@/lib/domain/workers/source';
import { readMessageOrigins } from '@/lib/store/messages/read-origins';
import { foreignMessage } from './foreign-message';
import { idsOf } from './name-facts';
import { reasonOf, recordFacts } from './record';

/** Facts per call. */
const MAX_AT_ONCE = 500;
/** Records read from the broker per call. */
const MAX_READ = 100;
/** After this time a fact whose message is still unknown creates its message itself. */
const MAX_WAIT_MS = 3_600_000;
const MIN_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

type Waiting = WaitingFact & { fact: ReportedFact };

/**
 * Resolves waiting facts to their messages. A record that a fact names by its position is read from the broker, because
 * no other source may ever report it. Unresolved facts are tried again, and after an hour each creates its own message.
 * @returns how many facts were resolved or given up in this call
 */
export async function resolveWaiting(context: Context): Promise<number> {
  const { store, cluster } = context;
  const now = context.now().getTime();
  const due = await parse(context, await readWaiting(store, cluster.id, context.now(), MAX_AT_ONCE));
  const known = await findKnown(context, due);
  const rest = due.filter((item) => !known.has(item));
  const gone = await readRecords(context, rest).catch((error: unknown) => {
    // Other facts are resolved without the broker; these are retried later.
    if (error instanceof CourierError && error.code === 'broker_unreachable') return new Set<Waiting>();
    throw error;
  });
  for (const [item, id] of await findKnown(context, rest)) known.set(item, id);
  for (const item of rest) {
    if (known.has(item)) continue;
    if (gone.has(item) || now - item.receivedAt.getTime() > MAX_WAIT_MS) {
      known.set(
        item,
        idOfStranger(
          cluster.name,
          item.fact,
          believableTime(Date.parse(item.fact.message?.sentAt ?? item.fact.at), now),
        ),
      );
    }
  }
  for (const [source, some] of groupBy([...known], ([item]) => item.source))
    await write(context, source, some);
  await postponeWaiting(
    store,
    cluster.id,
    due
      .filter((item) => !known.has(item))
      .map(({ factId, receivedAt }) => {
        const age = now - receivedAt.getTime();
        const pause = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, age / 4));
        return { factId, lookAt: new Date(now + pause) };
      }),
  );
  return known.size;
}

/** Parses stored facts. A fact that this release no longer accepts is moved to the rejected facts. */
async function parse(context: Context, rows: WaitingFact[]): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  for (const row of rows) {
    const parsed = reportedFact.safeParse(JSON.parse(row.body));
    if (parsed.success) waiting.push({ ...row, fact: parsed.data });
    else await setAside(context, row, reasonOf(parsed.error));
  }
  return waiting;
}

async function findKnown(context: Context, facts: Waiting[]): Promise<Map<Waiting, string>> {
  if (facts.length === 0) return new Map();
  const ids = await idsOf(
    context,
    facts.map((item) => item.fact),
  );
  return new Map(facts.flatMap((fact, at) => (ids[at] ? [[fact, ids[at]] as const] : [])));
}

/** Writes facts and removes them from the waiting table. A fact that the store refuses is moved to the rejected facts. */
async function write(context: Context, source: string, some: [Waiting, string][]): Promise<void> {
  const own = await setForeignAside(context, source, some);
  const factIds = own.map(([item]) => item.factId);
  try {
    // Through the common write path, which also maps ids of mirrored messages.
    const facts = own.map(([{ fact }, messageId]) => ({ ...fact, recordTime: undefined, messageId }));
    await recordFacts(context, facts, {
      source,
      also: (client) => dropWaiting(client, context.cluster.id, factIds),
    });
  } catch (error) {
    if (!isRefusedByStore(error)) throw error;
    if (own.length > 1) for (const item of own) await write(context, source, [item]);
    else for (const [item] of own) await setAside(context, item, sentenceOf(error));
  }
}

/**
 * Moves sender's facts about messages of another service to the rejected facts: the sender was unknown when each was
 * reported. On Kafka the rights on the facts topic decide instead.
 * @returns the others
 */
async function setForeignAside(
  context: Context,
  source: string,
  some: [Waiting, string][],
): Promise<[Waiting, string][]> {
  const isJudged =
    source === ('intake' satisfies Source) || context.broker.capabilities.serviceAccess !== null;
  if (!isJudged) return some;
  const origins = await readMessageOrigins(
    context.store,
    some.map(([, id]) => id),
  );
  const own: [Waiting, string][] = [];
  for (const [item, id] of some) {
    const { service } = item.fact;
    const fact = { ...item.fact, messageId: id };
    const reason = service === undefined ? null : foreignMessage(service, fact, origins.get(id));
    if (reason === null) own.push([item, id]);
    else await setAside(context, item, reason);
  }
  return own;
}

async function setAside({ store, cluster }: Context, row: WaitingFact, reason: string): Promise<void> {
  const rejected = [{ place: `waiting ${row.factId}`, body: Buffer.from(row.body), reason }];
  await keepRejected(store, cluster.id, row.source, rejected);
  await dropWaiting(store, cluster.id, [row.factId]);
}

/**
 * Indexes the records that facts name by their position, which creates their messages.
 * @returns facts whose record is no longer on the broker, or whose topic does not exist
 */
async function readRecords(context: Context, waiting: Waiting[]): Promise<Set<Waiting>> {
  const placed = waiting.flatMap((item) => {
    const { position } = item.fact;
    return position && roleOfTopic(position.topic) === 'message' ? [{ one: item, position }] : [];
  });
  const gone = new Set<Waiting>();
  const places = [...groupBy(placed, ({ position }) => JSON.stringify(position)).values()].slice(0, MAX_READ);
  if (places.length === 0) return gone;
  const topics = await context.broker.topics();
  const policies = await readPolicies(context, topics);
  // A fetch asks for each partition once: records of one partition are read one after the other.
  const rounds = [...groupBy(places, ([first]) => partitionOf(first?.position)).values()];
  for (let round = 0; ; round += 1) {
    const asked = rounds.flatMap((list) => list[round] ?? []);
    const positions = rounds.flatMap((list) => list[round]?.[0]?.position ?? []);
    if (positions.length === 0) return gone;
    const answers = await context.broker.fetch(
      positions.map((position) => ({ ...position, offset: BigInt(position.offset) })),
      { maxBytes: 1, waitMs: 0 },
    );
    const batches = answers.flatMap((answer, at) => {
      const { topic, partition, offset } = positions[at] as Position;
      const record = answer.records.find((record) => record.offset === BigInt(offset));
      const incarnation = topics.find((item) => item.name === topic)?.incarnation ?? null;
      if (record)
        return [{ topic, partition, incarnation, records: [record], claim: () => Promise.resolve() }];
      const isGone = answer.gap !== null || answer.records.length > 0;
      for (const { one: item, position } of asked)
        if (isGone && partitionOf(position) === partitionOf(positions[at])) gone.add(item);
      return [];
    });
    await indexRecords(
      context,
      batches,
      (topic) => {
        const policy = policies.get(topic);
        if (!policy) throw new Error(`${topic} was read without its policy`);
        return policy;
      },
      null,
    );
  }
}

function partitionOf(position: Position | undefined): string {
  return `${position?.topic ?? ''}/${position?.partition ?? ''}`;
}
