import { z } from 'zod';
import { MAX_WORDS, readWords, type ReadWord } from '@/lib/domain/search/words';
import type { SearchAnswer, SearchHit } from '@/lib/contract/search';
import type { MessageListRow } from '@/lib/contract/messages';
import { CourierError } from '@/lib/errors';
import { findSimilarIds } from '@/lib/store/messages/find-similar';
import { LAST_ID } from '@/lib/store/messages/filter';
import { readMessages } from '@/lib/store/messages/read-message';
import { countIndexed } from '@/lib/store/topics/topics';
import { failuresWithin } from '../failures/rows';
import { defineOperation, type Call } from '../operation';
import { notReadNow } from '../workers/not-read';
import { noFilter, rowsOfWords, understand, type Understood } from './find-rows';
import { rowsWithDeliveries } from './list-rows';
import { hitOf } from './search-hits';
import { failuresOf } from './search-names';
import { anyText } from '@/lib/protocol/strings';

/** Results that are shown. */
const MAX_HITS = 8;
/** Maximum messages per interpretation of a word. */
const MAX_LOOKED_AT = 200;

/**
 * Finds messages by what a person typed. Each word is an id, a place, `header=value`, a key, a part or the beginning of
 * one, a sender's id, a trace id, or the name of a group, a topic, a type or a status; several words narrow each other.
 */
export const searchMessages = defineOperation({
  name: 'messages.search',
  permission: 'messages.read',
  input: z.strictObject({ text: anyText(2_000) }),
  scope: () => ({}),
  audit: null,
  async run(call, input): Promise<SearchAnswer> {
    const began = performance.now();
    const words = readWords(input.text);
    if (words.length > MAX_WORDS) {
      throw new CourierError(
        'invalid_input',
        `These are ${words.length} words; a search takes ${MAX_WORDS} at most. Leave out those that narrow least.`,
      );
    }
    const [oldest, topics, notRead, { looked, idsLooked, ...found }] = await Promise.all([
      call.partitions.newestFirst().then((days) => days.at(-1) ?? null),
      countIndexed(call.store, call.cluster.id),
      notReadNow(call),
      words.length === 0 ? NOTHING : search(call, input.text),
    ]);
    return {
      ...found,
      searched: {
        what: whatOf(words),
        from: oldest && `${oldest.slice(0, 4)}-${oldest.slice(4, 6)}-${oldest.slice(6)}`,
        milliseconds: Math.round(performance.now() - began),
        ...topics,
        notRead,
        looked,
        idsLooked,
      },
    };
  },
  within: (answer, sees) => ({
    ...answer,
    similar: answer.similar.filter((hit) => sees.topic(hit.topic)),
    groups: answer.groups.filter((group) => sees.group(group.name)),
    topics: answer.topics.filter((topic) => sees.topic(topic)),
    failures: failuresWithin(answer.failures, sees),
  }),
});

type Found = Omit<SearchAnswer, 'searched'> & Pick<SearchAnswer['searched'], 'looked' | 'idsLooked'>;

const NOTHING: Found = {
  readAs: [],
  hits: [],
  count: 0,
  similar: [],
  groups: [],
  topics: [],
  failures: [],
  looked: null,
  idsLooked: null,
};

async function search(call: Call, text: string): Promise<Found> {
  const understood = await understand(call, text, MAX_LOOKED_AT);
  const { named, words, seed, readAs } = understood;
  const { rows, looked, next } = await rowsOfWords(
    call,
    understood,
    await noFilter(call),
    null,
    LAST_ID,
    seed === null ? MAX_HITS : Math.max(MAX_HITS, seed.ranks.size),
  );
  const hits = inOrder(rows, understood).map(hitOf);
  const similar = hits.length === 0 ? await similarTo(call, words) : [];
  const failures =
    named.failures.length > 0 ? named.failures : await failuresOf(call, hits.slice(0, MAX_HITS));
  return {
    readAs,
    hits: hits.slice(0, MAX_HITS),
    count: hits.length + (next === null ? 0 : 1),
    similar,
    groups: named.groups,
    topics: named.topics,
    failures,
    looked,
    idsLooked: understood.lookups.find((lookup) => lookup.idsLooked !== null)?.idsLooked ?? null,
  };
}

/** The strictest reading first, in it trouble before the rest, the newest first. */
function inOrder(rows: MessageListRow[], { seed }: Understood): MessageListRow[] {
  const rankOf = (row: MessageListRow) => seed?.ranks.get(row.id) ?? 0;
  const isWell = (row: MessageListRow) => Number(row.status === 'HANDLED' || row.status === 'COMMITTED');
  return [...rows].sort((a, b) => rankOf(a) - rankOf(b) || isWell(a) - isWell(b));
}

async function similarTo(call: Call, words: ReadWord[]): Promise<SearchHit[]> {
  const [word] = words;
  if (words.length !== 1 || word?.as !== 'id') return [];
  const ids = await findSimilarIds(call.store, call.partitions, call.cluster.id, word.text.toLowerCase());
  const messages = await readMessages(call.store, call.partitions, call.cluster.id, ids);
  return (await rowsWithDeliveries(call, messages, null)).map(hitOf);
}

function whatOf(words: ReadWord[]): SearchAnswer['searched']['what'] {
  const what = new Set<SearchAnswer['searched']['what'][number]>();
  for (const { as } of words) {
    if (as === 'idPart') what.add('idParts');
    else if (as === 'id') for (const item of ['ids', 'producers', 'keys'] as const) what.add(item);
    else if (as === 'position') what.add('positions');
    else if (as === 'header') what.add('headers');
    else for (const item of ['keys', 'producers', 'traces', 'headers', 'names'] as const) what.add(item);
  }
  return [...what];
}
