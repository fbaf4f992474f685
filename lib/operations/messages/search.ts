import { z } from 'zod';
import { groupBy } from '@/lib/domain/group-by';
import { LEAST_PREFIX, MOST_WORDS, readWords, type ReadWord } from '@/lib/domain/search-words';
import type { ReadAs, SearchAnswer, SearchHit } from '@/lib/domain/search-views';
import type { MessageListRow } from '@/lib/domain/views';
import { CourierError } from '@/lib/errors';
import type { RefKind } from '@/lib/store/facts/refs';
import { findByKeyPrefix, findByRef } from '@/lib/store/messages/find-by-ref';
import { findSimilarIds } from '@/lib/store/messages/find-similar';
import { readMessage, readMessages, type StoredMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/partitions';
import { countIndexed } from '@/lib/store/topics';
import { defineOperation, type Call } from '../operation';
import { deliveriesOf, rowsOfDeliveries } from './list-rows';
import { findNamed } from './search-names';
import { hitOf, mentions } from './search-hits';

/** Results that are shown. */
const MOST_HITS = 8;
/** Messages of one word that are compared with the other words. */
const MOST_COMPARED = 200;

/**
 * Finds messages by what a person typed. Each word is an id, a place, `header=value`, a key, a part or the beginning of
 * one, a sender's id, a trace id, or the name of a group, a topic, a type or a status; several words narrow each other.
 */
export const searchMessages = defineOperation({
  name: 'messages.search',
  permission: 'messages.read',
  input: z.strictObject({ text: z.string().max(2_000) }),
  scope: () => ({}),
  audit: null,
  async run(call, input): Promise<SearchAnswer> {
    const began = performance.now();
    const words = readWords(input.text);
    if (words.length > MOST_WORDS) {
      throw new CourierError(
        'invalid_input',
        `These are ${words.length} words; a search takes ${MOST_WORDS} at most. Leave out those that narrow least.`,
      );
    }
    const [oldest, topics, { looked, ...found }] = await Promise.all([
      call.partitions.newestFirst().then((days) => days.at(-1) ?? null),
      countIndexed(call.store, call.cluster.id),
      search(call, words),
    ]);
    return {
      ...found,
      searched: {
        what: whatOf(words),
        from: oldest && `${oldest.slice(0, 4)}-${oldest.slice(4, 6)}-${oldest.slice(6)}`,
        milliseconds: Math.round(performance.now() - began),
        ...topics,
        looked,
      },
    };
  },
});

type Found = Omit<SearchAnswer, 'searched'> & { looked: number | null };

/** Messages that all the words fit, newest first. @param limit of messages that are compared */
export async function rowsForWords(call: Call, text: string): Promise<MessageListRow[]> {
  const words = readWords(text);
  const lookups = await Promise.all(words.map((word) => lookUp(call, word, MOST_COMPARED)));
  const seeds = lookups.filter((lookup) => lookup.ids.length > 0);
  if (seeds.length === 0) return [];
  const smallest = seeds.reduce((a, b) => (b.ids.length < a.ids.length ? b : a));
  return fitting(await rowsOf(call, smallest.ids), words, lookups);
}

function fitting(rows: MessageListRow[], words: ReadWord[], lookups: Lookup[]): MessageListRow[] {
  return rows.filter((row) =>
    words.every((word, at) => (lookups[at]?.ids.includes(row.id) ?? false) || mentions(row, word.text)),
  );
}

async function search(call: Call, words: ReadWord[]): Promise<Found> {
  if (words.length === 0) {
    return {
      readAs: [],
      hits: [],
      more: false,
      similar: [],
      groups: [],
      topics: [],
      failures: [],
      looked: null,
    };
  }
  const limit = words.length === 1 ? MOST_HITS + 1 : MOST_COMPARED;
  const [named, ...lookups] = await Promise.all([
    findNamed(call, words),
    ...words.map((word) => lookUp(call, word, limit)),
  ]);
  const answer = { groups: named.groups, topics: named.topics, failures: named.failures, similar: [] };
  const seeds = lookups.filter((lookup) => lookup.ids.length > 0);
  const readAs = words.map((word, at) => ({
    word: word.text,
    as: lookups[at]?.ids.length ? lookups[at].as : (named.readAs[at] ?? lookups[at]?.as ?? 'nothing'),
  }));
  if (seeds.length === 0) {
    // Words that are names alone filter the list of messages.
    const rows = named.filter ? await named.filter(MOST_HITS + 1) : [];
    const similar = await similarTo(call, words);
    const hits = rows.slice(0, MOST_HITS).map(hitOf);
    return { ...answer, readAs, hits, more: rows.length > MOST_HITS, similar, looked: null };
  }
  const smallest = seeds.reduce((a, b) => (b.ids.length < a.ids.length ? b : a));
  const rows = await rowsOf(call, smallest.ids);
  const ranked = troubleFirst(fitting(rows, words, lookups).map(hitOf));
  const isCut = words.length > 1 && smallest.ids.length >= MOST_COMPARED;
  return {
    ...answer,
    readAs: readAs.map((one, at) => ({
      ...one,
      as: lookups[at]?.ids.length || named.readAs[at] ? one.as : 'text',
    })),
    hits: ranked.slice(0, MOST_HITS),
    more: ranked.length > MOST_HITS,
    looked: isCut ? smallest.ids.length : null,
  };
}

interface Lookup {
  as: ReadAs;
  ids: string[];
}

/** What a word that is no id, place or header may be to a message, strictest first. */
const READINGS = ['key', 'producer', 'alias', 'trace', 'segment'] as const;

/** Ids that a word names, by the strictest reading that finds any. */
async function lookUp(call: Call, word: ReadWord, limit: number): Promise<Lookup> {
  const find = (kinds: readonly RefKind[], value: string) =>
    findByRef(call.store, call.cluster.id, kinds, value, limit);
  switch (word.as) {
    case 'id': {
      const id = word.text.toLowerCase();
      const known = await readById(call, id);
      if (known) return { as: 'id', ids: [id] };
      // A sender's own id, a key or a header may be a UUID as well.
      const found = await find(['producer', 'alias', 'key'], word.text);
      const ids = [...new Set([...found.values()].flat())].sort().reverse();
      return { as: 'id', ids: ids.slice(0, limit) };
    }
    case 'position': {
      const ids = (await find(['position'], word.text)).get('position');
      // `INV/2026/9` may be somebody's invoice as well.
      return ids ? { as: 'position', ids } : lookUp(call, { as: 'value', text: word.text }, limit);
    }
    case 'header':
      return { as: 'header', ids: (await find(['header'], word.text)).get('header') ?? [] };
    case 'value': {
      const found = await find(READINGS, word.text);
      const as = READINGS.find((kind) => found.has(kind));
      if (as) return { as, ids: found.get(as) ?? [] };
      const ids = await prefixed(call, word.text, limit);
      return ids.length > 0 ? { as: 'prefix', ids } : { as: 'nothing', ids };
    }
  }
}

function prefixed(call: Call, text: string, limit: number): Promise<string[]> {
  if (text.length < LEAST_PREFIX) return Promise.resolve([]);
  return findByKeyPrefix(call.store, call.partitions, call.cluster.id, text, limit);
}

function readById(call: Call, id: string): Promise<StoredMessage | null> {
  return inPartitionOf(call.partitions, id, (name) =>
    readMessage(call.store, name('message'), call.cluster.id, id),
  );
}

async function rowsOf(call: Call, ids: string[]) {
  const [messages, deliveries] = await Promise.all([
    readMessages(call.store, call.partitions, call.cluster.id, ids),
    deliveriesOf(call, ids),
  ]);
  return rowsOfDeliveries(messages, deliveries, null);
}

async function similarTo(call: Call, words: ReadWord[]): Promise<SearchHit[]> {
  const [word] = words;
  if (words.length !== 1 || word?.as !== 'id') return [];
  const ids = await findSimilarIds(call.store, call.partitions, call.cluster.id, word.text.toLowerCase());
  return (await rowsOf(call, ids)).map(hitOf);
}

function troubleFirst(hits: SearchHit[]): SearchHit[] {
  const failing = groupBy(hits, (hit) => hit.status !== 'HANDLED' && hit.status !== 'COMMITTED');
  return [...(failing.get(true) ?? []), ...(failing.get(false) ?? [])];
}

function whatOf(words: ReadWord[]): SearchAnswer['searched']['what'] {
  const what = new Set<SearchAnswer['searched']['what'][number]>();
  for (const { as } of words) {
    if (as === 'id') for (const one of ['ids', 'producers', 'keys'] as const) what.add(one);
    else if (as === 'position') what.add('positions');
    else if (as === 'header') what.add('headers');
    else for (const one of ['keys', 'producers', 'traces', 'headers', 'names'] as const) what.add(one);
  }
  return [...what];
}
