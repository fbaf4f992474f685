import { decodeLagChunk } from '@/lib/domain/groups/lag-chunk';
import { passedAt, type PassedAt } from '@/lib/domain/messages/passed-at';
import type { Reader } from '@/lib/store/lag/read-readers';
import { readChunksOfTopic } from '@/lib/store/lag/read-chunks-of-topic';
import type { StoredMessage } from '@/lib/store/messages/read-message';
import { groupBy } from '@/lib/values/group-by';
import type { Context } from '@/lib/context/context';

/** Chunks of one group that are read: a day of them. One that read a message later is shown without the time. */
const MAX_CHUNKS = 145;
const CHUNK_MS = 600_000;

/** When groups that report nothing read past a message, as far as their positions were seen to; by the group's name. */
export async function passedTimes(
  { store, cluster }: Pick<Context, 'store' | 'cluster'>,
  { topicId, place, committedAt, firstAt }: StoredMessage,
  readers: readonly Reader[],
): Promise<Map<string, PassedAt>> {
  if (topicId === null || !place) return new Map();
  const { partition, offset } = place;
  const past = readers.filter(
    (reader) => !reader.reports && reader.partition === partition && reader.committed > BigInt(offset),
  );
  if (past.length === 0) return new Map();
  const writtenAt = (committedAt ?? firstAt).getTime();
  const names = past.map(({ group }) => group);
  const from = new Date(writtenAt - CHUNK_MS);
  const stored = await readChunksOfTopic(store, names, cluster.id, topicId, from, MAX_CHUNKS);
  const times = [...groupBy(stored, ({ group }) => group)].flatMap(([group, chunks]) => {
    const decoded = chunks.map(({ startAt, data }) => ({
      startAt: startAt.getTime(),
      chunk: decodeLagChunk(data),
    }));
    const found = passedAt(decoded, partition, BigInt(offset), writtenAt);
    return found ? [[group, found] as const] : [];
  });
  return new Map(times);
}
