import { z } from 'zod';
import { keyText } from '@/lib/protocol/key-text';
import {
  headerOf,
  type BrokerRecord,
  type FetchPosition,
  type FetchProblem,
  type PartitionEnds,
} from '@/lib/brokers/broker';
import { groupBy } from '@/lib/values/group-by';
import { believedId } from '@/lib/protocol/identity';
import { storable } from '@/lib/protocol/text';
import type { BrowseAnswer, BrowsedRecord, UnreadReason } from '@/lib/contract/topics';
import { CourierError } from '@/lib/errors';
import { HEADER } from '@/lib/protocol/headers';
import { readBytes } from '@/lib/protocol/bytes-text';
import { positionText } from '@/lib/protocol/position';
import { findByPositions } from '@/lib/store/messages/find-by-ref';
import { defineOperation, type Call } from '../operation';
import { format, text } from '@/lib/protocol/strings';

/** Records of one answer. */
const MAX_RECORDS = 50;
const MAX_BYTES = 2_000_000;
/** Fetches of one answer: a partition may give its records in several. */
const MAX_ROUNDS = 20;
const MAX_TEXT = 200;

const offset = format(/^\d{1,18}$/, 'an offset as decimal text');

/**
 * Reads records of a topic straight from the broker, without joining a group and without changing anything there. Bodies
 * are read one by one through `lib/operations/messages/read-payload.ts`.
 */
export const browseTopic = defineOperation({
  name: 'topics.browse',
  permission: 'topics.read',
  input: z.strictObject({
    name: text(249),
    partition: z.number().int().min(0).max(1_000_000).nullable().default(null),
    from: z.enum(['newest', 'oldest', 'offset', 'time', 'after']).default('newest'),
    offset: offset.optional(),
    time: z.iso.datetime({ offset: true }).optional(),
    /** Offsets by partition to read on from, as the answer before gave them. */
    after: z.record(format(/^\d{1,9}$/, 'a partition'), offset).optional(),
  }),
  scope: ({ name }) => ({ topic: name }),
  audit: null,
  async run(call, input): Promise<BrowseAnswer> {
    const { known, unknown } = await call.broker.logEnds([input.name]);
    const count = known.length + unknown.length;
    if (count === 0) {
      throw new CourierError('not_found', `There is no topic ${input.name} on ${call.cluster.name}.`);
    }
    const isAsked = (item: { partition: number }) =>
      input.partition === null || item.partition === input.partition;
    const ends = known.filter(isAsked);
    const unread: BrowseAnswer['unread'] = unknown
      .filter(isAsked)
      .map(({ partition, reason }) => ({ partition, reason }));
    if (ends.length + unread.length === 0) {
      throw new CourierError(
        'invalid_input',
        `partition: ${input.partition} does not exist; ${input.name} has 0 to ${count - 1}.`,
      );
    }
    const positions = await positionsOf(call, input, ends);
    const isNewest = input.from === 'newest';
    const { records, passedOver, stopped } = await readFrom(call, positions, ends);
    unread.push(...stopped.map(({ partition, reason }) => ({ partition, reason })));
    const shown = isNewest ? newestOf(records, ends) : oldestOf(records);
    const reached = new Map(stopped.map(({ partition, at }) => [partition, at]));
    const next = nextOf(positions, shown, ends, isNewest, reached);
    const stored = await findByPositions(
      call.store,
      call.cluster.id,
      shown.map((record) => placeOf(record)),
    );
    return {
      at: call.now().toISOString(),
      records: shown.toReversed().map((record) => browsed(record, stored.get(placeOf(record)) ?? null)),
      next,
      looked: positions.map(({ partition, offset: from }) => ({
        partition,
        from: from.toString(),
        to: next[partition] ?? from.toString(),
      })),
      passedOver,
      unread: unread.sort((a, b) => a.partition - b.partition),
    };
  },
});

type Input = z.output<typeof browseTopic.input>;

async function positionsOf(call: Call, input: Input, ends: PartitionEnds[]): Promise<FetchPosition[]> {
  const share = Math.ceil(MAX_RECORDS / ends.length);
  const clamp = (item: PartitionEnds, wanted: bigint) =>
    wanted < item.start ? item.start : wanted > item.end ? item.end : wanted;
  return Promise.all(
    ends.map(async (item) => {
      const at = (wanted: bigint) => ({
        topic: input.name,
        partition: item.partition,
        offset: clamp(item, wanted),
      });
      switch (input.from) {
        case 'newest':
          return at(item.end - BigInt(ends.length === 1 ? MAX_RECORDS : share));
        case 'oldest':
          return at(item.start);
        case 'offset':
          return at(BigInt(input.offset ?? 0));
        case 'time':
          return at(await call.broker.offsetAt(input.name, item.partition, Date.parse(input.time ?? '')));
        case 'after':
          return at(BigInt(input.after?.[String(item.partition)] ?? item.end));
      }
    }),
  );
}

/** A partition that could not be read to its end: how far reading came, and why no further. */
interface Stopped {
  partition: number;
  at: bigint;
  reason: UnreadReason;
}

async function readFrom(
  call: Call,
  from: FetchPosition[],
  ends: PartitionEnds[],
): Promise<{ records: BrokerRecord[]; passedOver: BrowseAnswer['passedOver']; stopped: Stopped[] }> {
  const endOf = new Map(ends.map((item) => [item.partition, item.end]));
  const records: BrokerRecord[] = [];
  const passedOver: BrowseAnswer['passedOver'] = [];
  const stopped: Stopped[] = [];
  let open = from.filter((item) => item.offset < (endOf.get(item.partition) ?? 0n));
  const counts = new Map<number, number>();
  for (let round = 0; round < MAX_ROUNDS && open.length > 0; round += 1) {
    const answers = await call.broker.fetch(open, { maxBytes: MAX_BYTES, waitMs: 0 });
    open = answers.flatMap((answer) => {
      for (const record of answer.records) records.push(record);
      for (const { from: first, to, reason } of answer.passedOver ?? [])
        passedOver.push({
          partition: answer.partition,
          from: first.toString(),
          to: (to - 1n).toString(),
          reason,
        });
      const count = (counts.get(answer.partition) ?? 0) + answer.records.length;
      counts.set(answer.partition, count);
      const reason = answer.problem === null ? null : reasonOf(answer.problem);
      if (reason) stopped.push({ partition: answer.partition, at: answer.next, reason });
      const isDone =
        answer.next >= (endOf.get(answer.partition) ?? 0n) || count >= MAX_RECORDS || answer.problem !== null;
      return isDone ? [] : [{ topic: answer.topic, partition: answer.partition, offset: answer.next }];
    });
  }
  return { records, passedOver, stopped };
}

/** null: the topic was deleted meanwhile, or shortened, so that nothing is left to read. */
function reasonOf(problem: FetchProblem): UnreadReason | null {
  return problem === 'unknown_topic' || problem === 'beyond_end' ? null : problem;
}

/** The youngest records up to the ends that were seen: what came since is read on. */
function newestOf(records: BrokerRecord[], ends: PartitionEnds[]): BrokerRecord[] {
  const endOf = new Map(ends.map((item) => [item.partition, item.end]));
  return records
    .filter((record) => record.offset < (endOf.get(record.partition) ?? 0n))
    .sort((a, b) => a.timestamp - b.timestamp || (a.offset < b.offset ? -1 : 1))
    .slice(-MAX_RECORDS);
}

/**
 * The oldest records, each partition's in its own order whatever their times are: one reads on behind what was shown, so
 * nothing before it may be left out.
 */
function oldestOf(records: BrokerRecord[]): BrokerRecord[] {
  const heads = [...groupBy(records, (record) => record.partition).values()].map((list) =>
    list.sort((a, b) => (a.offset < b.offset ? -1 : 1)),
  );
  const shown: BrokerRecord[] = [];
  while (shown.length < MAX_RECORDS) {
    const open = heads.filter((list) => list.length > 0);
    if (open.length === 0) break;
    const first = open.reduce((a, b) => ((b[0]?.timestamp ?? 0) < (a[0]?.timestamp ?? 0) ? b : a));
    const record = first.shift();
    if (record) shown.push(record);
  }
  return shown;
}

/** Where to read on: behind what was shown; after the newest ones, behind the end that was seen. */
function nextOf(
  from: FetchPosition[],
  shown: BrokerRecord[],
  ends: PartitionEnds[],
  isNewest: boolean,
  reached: Map<number, bigint>,
): Record<string, string> {
  const next = new Map(from.map((item) => [item.partition, item.offset]));
  if (isNewest) for (const item of ends) next.set(item.partition, reached.get(item.partition) ?? item.end);
  else
    for (const record of shown) {
      const before = next.get(record.partition) ?? 0n;
      if (record.offset + 1n > before) next.set(record.partition, record.offset + 1n);
    }
  return Object.fromEntries([...next].map(([partition, at]) => [partition, at.toString()]));
}

function placeOf({ topic, partition, offset }: BrokerRecord): string {
  return positionText({ topic, partition, offset: offset.toString() });
}

/** @param stored id of the message that is known at the record's place */
function browsed(record: BrokerRecord, stored: string | null): BrowsedRecord {
  const own = believedId({
    ...record,
    id: headerOf(record.headers, HEADER.id),
    origin: headerOf(record.headers, HEADER.topic),
  });
  return {
    partition: record.partition,
    offset: record.offset.toString(),
    at: new Date(record.timestamp).toISOString(),
    key: record.key === null ? null : storable(keyText(record.key) ?? '', MAX_TEXT),
    type: headerOf(record.headers, HEADER.type) ?? headerOf(record.headers, 'ce_type') ?? null,
    size: record.value?.length ?? null,
    headers: record.headers.slice(0, 50).map(([name, value]) => ({
      name: storable(name, MAX_TEXT),
      text: value === null ? null : storable(readBytes(value, name).text, MAX_TEXT),
    })),
    messageId: stored ?? own ?? null,
  };
}
