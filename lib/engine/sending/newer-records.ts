import type { PartitionEnds } from '@/lib/brokers/broker';
import type { Context } from '@/lib/context/context';
import { readingsOf } from '@/lib/protocol/bytes-text';
import { parsePosition, positionText } from '@/lib/protocol/position';
import { findNewestOfKeys } from '@/lib/store/messages/find-newest-of-keys';
import { readKeysAt } from '@/lib/store/messages/read-keys-at';
import { readPositions } from '@/lib/store/messages/read-positions';
import { readSentPlaces } from '@/lib/store/retries/sent-places';
import { groupBy } from '@/lib/values/group-by';
import { indexedRanges, type IndexedRange } from './indexed-ranges';
import { scanForKeys, scanForNewer, type Budget, type PlacedMessage } from './scan-newer';

/**
 * What is behind a message on its topic. `newer`: a record of the same key with another value, at `position` where that is
 * known, so that the message would become the newest one of its key. `unread`: not everything behind it could be read,
 * which counts as newer.
 */
export interface NewerState {
  state: 'none' | 'newer' | 'unread';
  position: string | null;
}

/** Most bytes that the scans of one check read, over all partitions. */
export const MAX_CHECK_BYTES = 100 * 1024 * 1024;
const MAX_CHECK_MS = 20_000;
const UNREAD: NewerState = { state: 'unread', position: null };

/**
 * Finds which messages have a newer record of their key on a topic: from the index, with a scan of the records behind that;
 * by one scan of each partition where the index has no answer.
 * @param isCompacted whether the topic has no records without a key
 */
export async function findNewerRecords(
  context: Context,
  { topic, isCompacted }: { topic: string; isCompacted: boolean },
  messageIds: readonly string[],
): Promise<Map<string, NewerState>> {
  const [positions, sent, { known }] = await Promise.all([
    readPositions(context.store, messageIds),
    readSentPlaces(context.store, context.cluster.id, messageIds, topic),
    context.broker.logEnds([topic]),
  ]);
  // Read after the ends: the index may be further by now, and never less far.
  const ranges = await indexedRanges(context, topic);
  const budget: Budget = { bytes: MAX_CHECK_BYTES, until: performance.now() + MAX_CHECK_MS };
  const placed = messageIds.flatMap((id) => placeOf(topic, id, positions.get(id), sent.get(id)) ?? []);
  const states = new Map(messageIds.map((id) => [id, UNREAD]));
  for (const [partition, some] of groupBy(placed, (message) => message.partition)) {
    const ends = known.find((item) => item.partition === partition);
    if (!ends) continue;
    const range = ranges.get(partition);
    const covered = range
      ? some.filter(({ offsets }) => offsets.every((offset) => offset >= range.from))
      : [];
    const answers = range
      ? await askIndex(context, { ends, range, isCompacted, budget }, covered)
      : new Map<string, NewerState>();
    const open = some.filter(({ messageId }) => !answers.has(messageId));
    const scanned = open.length > 0 ? await scanForNewer(context.broker, ends, open, budget) : [];
    for (const [id, state] of [...answers, ...scanned]) states.set(id, state);
  }
  return states;
}

/** A message's place on the topic; null where none is known. Copies that Courier did not send may differ in content. */
function placeOf(
  topic: string,
  messageId: string,
  positions: readonly string[] = [],
  sent: ReadonlySet<string> = new Set(),
): PlacedMessage | null {
  const found = positions
    .map((text) => ({ text, ...parsePosition(text) }))
    .filter((item) => item.topic === topic)
    .sort((a, b) => ((a.offset ?? 0n) < (b.offset ?? 0n) ? -1 : 1));
  const [first] = found;
  if (first?.partition === undefined) return null;
  const own = found.filter(
    (item) => item === first || (item.partition === first.partition && sent.has(item.text)),
  );
  return { messageId, partition: first.partition, offsets: own.flatMap((item) => item.offset ?? []) };
}

interface Asked {
  ends: PartitionEnds;
  range: IndexedRange;
  isCompacted: boolean;
  budget: Budget;
}

/** Answers of the index for messages of one partition; messages without an answer are left out. */
async function askIndex(
  context: Context,
  { ends, range, isCompacted, budget }: Asked,
  covered: readonly PlacedMessage[],
): Promise<Map<string, NewerState>> {
  const answers = new Map<string, NewerState>();
  if (covered.length === 0) return answers;
  const originOf = ({ offsets: [offset = 0n] }: PlacedMessage) => positionText({ ...ends, offset });
  const keysAt = await readKeysAt(context.store, context.cluster.id, covered.map(originOf));
  const keysOf = new Map(
    covered.map((message) => [
      message.messageId,
      [...new Set((keysAt.get(originOf(message)) ?? []).flatMap(readingsOf))],
    ]),
  );
  const keys = new Set([...keysOf.values()].flat());
  const [indexed, unindexed] = await Promise.all([
    findNewestOfKeys(context.store, context.cluster.id, ends, [...keys]),
    scanForKeys(context.broker, ends, range.next, keys, budget),
  ]);
  if (unindexed === null) return answers;
  for (const message of covered) {
    const own = keysOf.get(message.messageId) ?? [];
    // Empty and absent keys have no text, and only a topic that is not compacted may have records without a key.
    if (own.length === 0) {
      if (!isCompacted) answers.set(message.messageId, { state: 'none', position: null });
      continue;
    }
    const latest = message.offsets.at(-1) ?? 0n;
    const newest = own
      .flatMap((key) => [...(indexed.get(key)?.offsets ?? []), unindexed.get(key) ?? []].flat())
      .reduce((most, offset) => (offset > most ? offset : most), latest);
    if (newest > latest)
      answers.set(message.messageId, {
        state: 'newer',
        position: positionText({ ...ends, offset: newest }),
      });
    else if (own.every((key) => indexed.get(key)?.isComplete ?? true))
      answers.set(message.messageId, { state: 'none', position: null });
  }
  return answers;
}
