import type { ReadWord } from '@/lib/domain/search/words';
import { isIdEnd, MIN_PREFIX } from '@/lib/domain/search/words';
import { readingsOf } from '@/lib/protocol/bytes-text';
import type { ReadAs } from '@/lib/contract/search';
import type { RefKind } from '@/lib/store/facts/refs';
import { findByKeyPrefix } from '@/lib/store/messages/find-by-key-prefix';
import { findByHeader, findByRef } from '@/lib/store/messages/find-by-ref';
import { findByIdBegin, findByIdEnd } from '@/lib/store/messages/find-by-id-part';
import { readMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/schema/partitions';
import type { Call } from '../operation';

/** What a word of a search finds. */
export interface Lookup {
  /** The ways in which it was found, strictest first; empty where it was in none. */
  as: ReadAs[];
  /** Ids of messages and how strictly each was found, 0 first; newest first within a rank. */
  ranks: Map<string, number>;
  /** Whether the limit was reached. */
  cut: boolean;
  /** How many of the newest ids were compared with a shortened one, where that was not all of them. */
  idsLooked: number | null;
}

/** What a word that is no id, place or header may be to a message, strictest first. */
const READINGS = ['key', 'segment', 'alias', 'producer', 'trace'] as const;

const NOTHING: Lookup = { as: [], ranks: new Map(), cut: false, idsLooked: null };

/** Ids that a word names. A key that is the whole word comes before one that only has it as a part. @param limit of each reading */
export async function lookUp(call: Call, word: ReadWord, limit: number): Promise<Lookup> {
  const find = (kinds: readonly RefKind[], ...values: string[]) =>
    findByRef(call.store, call.partitions, call.cluster.id, kinds, values, limit);
  switch (word.as) {
    case 'id': {
      const id = word.text.toLowerCase();
      const [there, others] = await Promise.all([isThere(call, id), find(['alias'], id)]);
      // Its id may be that of a message of another topic as well.
      if (there) return ranked([['id', [id, ...(others.get('alias') ?? [])]]], limit);
      // A sender's own id, a key or a header may be a UUID as well.
      const found = await find(['key', 'segment', 'alias', 'producer'], ...inAnyCase(word.text));
      const ids = [...new Set([...found.values()].flat())].sort().reverse();
      return ofIds('id', ids, limit);
    }
    case 'idPart':
      return word.end === ''
        ? ofIds('idPart', await findByIdBegin(call.store, word.begin, limit), limit)
        : lookUpEnd(call, word.begin, word.end, limit);
    case 'position': {
      const ids = (await find(['position'], word.text)).get('position');
      // `INV/2026/9` may be the number of an invoice as well.
      return ids ? ranked([['position', ids]], limit) : lookUp(call, { as: 'value', text: word.text }, limit);
    }
    case 'header': {
      const [headers, keys] = await Promise.all([
        findByHeader(call.store, call.partitions, call.cluster.id, word.name, readingsOf(word.value), limit),
        // `customer=42` may be a key as well.
        find(['key'], ...inAnyCase(word.text)),
      ]);
      return ofFound(
        [
          ['header', headers.length > 0 ? headers : undefined],
          ['key', keys.get('key')],
        ],
        limit,
      );
    }
    case 'value': {
      const found = await find(READINGS, ...(word.exact ? [word.text] : inAnyCase(word.text)));
      const readings = ofFound(
        READINGS.map((kind) => [kind, found.get(kind)] as const),
        limit,
      );
      if (readings.ranks.size > 0 || word.exact || word.text.length < MIN_PREFIX) return readings;
      const ids = await findByKeyPrefix(call.store, call.partitions, call.cluster.id, word.text, limit);
      if (ids.length === 0 && isIdEnd(word.text)) return lookUpEnd(call, '', word.text.toLowerCase(), limit);
      return ofIds('prefix', ids, limit);
    }
  }
}

/** Everything that a word may be stored as, in the case in which it was typed and in the other ones. */
function inAnyCase(text: string): string[] {
  return [...new Set([text, text.toLowerCase(), text.toUpperCase()].flatMap(readingsOf))];
}

function ofFound(
  readings: readonly (readonly [ReadAs, readonly string[] | undefined])[],
  limit: number,
): Lookup {
  const some = readings.flatMap(([as, ids]) => (ids ? [[as, ids] as const] : []));
  return some.length === 0 ? NOTHING : ranked(some, limit);
}

/** By an id's first four digits and its last eight. */
async function lookUpEnd(call: Call, begin: string, end: string, limit: number): Promise<Lookup> {
  const { ids, looked } = await findByIdEnd(call.store, 'message', end);
  const fitting = ids.filter((id) => id.startsWith(begin));
  return { ...ofIds('idPart', fitting, limit), idsLooked: looked };
}

function ofIds(as: ReadAs, ids: string[], limit: number): Lookup {
  return ids.length === 0 ? NOTHING : ranked([[as, ids]], limit);
}

function ranked(readings: readonly (readonly [ReadAs, readonly string[]])[], limit: number): Lookup {
  const ranks = new Map<string, number>();
  for (const [rank, [, ids]] of readings.entries())
    for (const id of ids) if (!ranks.has(id)) ranks.set(id, rank);
  return {
    as: readings.map(([as]) => as),
    ranks,
    cut: readings.some(([, ids]) => ids.length >= limit),
    idsLooked: null,
  };
}

async function isThere(call: Call, id: string): Promise<boolean> {
  const found = await inPartitionOf(call.partitions, id, (name) =>
    readMessage(call.store, name('message_read'), call.cluster.id, id),
  );
  return found !== null;
}
