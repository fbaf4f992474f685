import { z } from 'zod';
import { parsePosition } from '@/lib/domain/position';
import { isUuid } from '@/lib/domain/uuid';
import type { MessageListRow, SearchAnswer, SearchHit } from '@/lib/domain/views';
import { groupBy } from '@/lib/domain/group-by';
import { findByRef } from '@/lib/store/messages/find-by-ref';
import { findSimilarIds } from '@/lib/store/messages/find-similar';
import { readMessage, type StoredMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/partitions';
import { defineOperation, type Call } from '../operation';
import { rowsWithDeliveries } from './list-rows';

const MOST_HITS = 8;

/** Finds messages by what a person pasted: an id, topic/partition/offset, a whole key, a sender's own id, a trace id. */
export const searchMessages = defineOperation({
  name: 'messages.search',
  permission: 'messages.read',
  input: z.strictObject({ text: z.string().max(2_000) }),
  scope: () => ({}),
  audit: null,
  async run(call, input): Promise<SearchAnswer> {
    const began = performance.now();
    const text = input.text.trim();
    const oldest = (await call.partitions.newestFirst()).at(-1) ?? null;
    const answer = (
      readAs: SearchAnswer['readAs'],
      what: SearchAnswer['searched']['what'],
      hits: SearchHit[],
      similar: SearchHit[] = [],
    ): SearchAnswer => ({
      readAs,
      hits,
      similar,
      searched: {
        what,
        from: oldest && `${oldest.slice(0, 4)}-${oldest.slice(4, 6)}-${oldest.slice(6)}`,
        milliseconds: Math.round(performance.now() - began),
      },
    });
    if (text === '') return answer('nothing', [], []);
    const id = text.toLowerCase();
    if (isUuid(id)) {
      const hits = await hitsOf(call, [id]);
      if (hits.length > 0) return answer('id', ['ids'], hits);
      // A sender's own id may be a UUID as well.
      const others = await hitsOf(call, await find(call, ['producer', 'key'], text));
      const similar =
        others.length > 0
          ? []
          : await hitsOf(call, await findSimilarIds(call.store, call.partitions, call.cluster.id, id));
      return answer('id', ['ids', 'producers', 'keys'], others, similar);
    }
    const position = parsePosition(text);
    if (position) {
      const place = `${position.topic}/${position.partition}/${position.offset}`;
      const hits = await hitsOf(call, await find(call, ['position'], place));
      return answer('position', ['positions'], hits);
    }
    const hits = await hitsOf(call, await find(call, ['key', 'producer', 'trace'], text));
    return answer('value', ['keys', 'producers', 'traces'], hits);
  },
});

function find(call: Call, kinds: Parameters<typeof findByRef>[3], value: string): Promise<string[]> {
  return findByRef(call.store, call.partitions, call.cluster.id, kinds, value, MOST_HITS);
}

async function hitsOf(call: Call, ids: string[]): Promise<SearchHit[]> {
  const found = await Promise.all(
    ids.map((id) =>
      inPartitionOf(call.partitions, id, (name) =>
        readMessage(call.store, name('message'), call.cluster.id, id),
      ),
    ),
  );
  const messages = found.filter((message): message is StoredMessage => message !== null);
  const hits = (await rowsWithDeliveries(call, messages, null)).map(hitOf);
  const failing = groupBy(hits, (hit) => hit.status !== 'HANDLED' && hit.status !== 'COMMITTED');
  return [...(failing.get(true) ?? []), ...(failing.get(false) ?? [])];
}

function hitOf(row: MessageListRow): SearchHit {
  return {
    id: row.id,
    status: row.status,
    detail: row.detail,
    type: row.type,
    key: row.key,
    topic: row.topic,
    group: row.error && !row.error.past ? row.error.group : row.groups.worst,
    error: row.error && !row.error.past ? { type: row.error.type, message: row.error.message } : null,
    handled: row.groups.handled,
    total: row.groups.total,
    at: row.at,
  };
}
