import type { ReadAs } from '@/lib/contract/search';
import { readWords, type ReadWord } from '@/lib/domain/search/words';
import type { MessageListRow } from '@/lib/contract/messages';
import type { MessageFilter } from '@/lib/store/messages/filter';
import { listMessages } from '@/lib/store/messages/list';
import type { Call } from '../operation';
import { EMPTY_FILTER, filterOf, type FilterInput } from './filter';
import { rowsWithDeliveries } from './list-rows';
import { lookUp, type Lookup } from './look-up';
import { findNamed, type Named } from './search-names';
import { scopedTopicIds } from '../scope';

/** Words of a search, and what each of them is. */
export interface Understood {
  words: ReadWord[];
  lookups: Lookup[];
  named: Named;
  /** How each word was read, in their order. */
  readAs: { word: string; as: ReadAs; also: ReadAs[] }[];
  /** Ids that the word finds which finds fewest; null where none finds any. */
  seed: Lookup | null;
}

/** Interprets the words of a search. @param limit maximum messages per interpretation of a word */
export async function understand(call: Call, text: string, limit: number): Promise<Understood> {
  const words = readWords(text);
  const [named, ...lookups] = await Promise.all([
    findNamed(call, words),
    ...words.map((word) => lookUp(call, word, limit)),
  ]);
  const seeds = lookups.filter((lookup) => lookup.ranks.size > 0);
  const seed = seeds.length > 0 ? seeds.reduce((a, b) => (b.ranks.size < a.ranks.size ? b : a)) : null;
  const readAs = words.map((word, at) => {
    const [as, ...also] = lookups[at]?.as ?? [];
    // A word without hits of its own filters the hits of the other words by their visible text.
    return { word: word.text, as: as ?? named.readAs[at] ?? (seed ? 'text' : 'nothing'), also };
  });
  return { words, lookups, named, readAs, seed };
}

export interface FoundRows {
  rows: MessageListRow[];
  /** Cursor of the page after this one. */
  next: string | null;
  /** How many messages were compared with the other words, where that was not all of them; else null. */
  looked: number | null;
}

/**
 * Messages that all the words and the filter fit, newest first. Words that name a group, a status, a topic or a type are
 * a filter like any other: with a group, status is that of the group's own delivery.
 */
export async function rowsOfWords(
  call: Call,
  { words, lookups, named, seed }: Understood,
  filter: MessageFilter,
  group: string | null,
  before: string,
  limit: number,
): Promise<FoundRows> {
  const isNamed = words.map((_, at) => lookups[at]?.ranks.size === 0 && named.readAs[at] !== null);
  if (seed === null && !isNamed.every(Boolean)) return { rows: [], next: null, looked: null };
  const own = await named.filter(isNamed);
  const all: MessageFilter = {
    ...filter,
    statuses: filter.statuses.length > 0 ? filter.statuses : own.statuses,
    groupId: filter.groupId ?? own.groupId,
    topicId: filter.topicId ?? own.topicId,
    columns: { ...(own.type === null ? {} : { type: own.type }), ...filter.columns },
    ids: seed === null ? filter.ids : withinIds([...seed.ranks.keys()], filter.ids),
  };
  // Words that are neither are compared with the rows themselves, so all of them are needed.
  const isCompared = seed !== null && words.some((_, at) => !isNamed[at] && lookups[at] !== seed);
  const most = isCompared ? seed.ranks.size : limit + 1;
  const messages = await listMessages(call.store, call.partitions, all, before, most);
  const found = (await rowsWithDeliveries(call, messages, group ?? own.group)).filter((row) =>
    words.every(
      (word, at) => isNamed[at] || (lookups[at]?.ranks.has(row.id) ?? false) || mentions(row, word.text),
    ),
  );
  const rows = found.slice(0, limit);
  return {
    rows,
    next: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
    looked: seed?.cut ? seed.ranks.size : null,
  };
}

/** Maximum messages per interpretation of a word. */
const MAX_LOOKED_AT = 1_000;

/** A page of messages that a filter, and words beside it, let through. */
export async function pageOf(
  call: Call,
  input: FilterInput & { q?: string | undefined },
  before: string,
  limit: number,
): Promise<FoundRows> {
  const filter = await filterOf(call, input);
  const group = input.group ?? null;
  if (input.q !== undefined)
    return rowsOfWords(call, await understand(call, input.q, MAX_LOOKED_AT), filter, group, before, limit);
  // One row beyond the limit shows whether there is another page.
  const messages = await listMessages(call.store, call.partitions, filter, before, limit + 1);
  const page = messages.slice(0, limit);
  return {
    rows: await rowsWithDeliveries(call, page, group),
    next: messages.length > limit ? (page.at(-1)?.id ?? null) : null,
    looked: filter.areIdsCut ? (filter.ids?.length ?? null) : null,
  };
}

/** Ids that are in both; null: all. */
function withinIds(ids: string[], others: readonly string[] | null): string[] {
  if (others === null) return ids;
  const known = new Set(others);
  return ids.filter((id) => known.has(id));
}

/** A filter by words alone. */
export async function noFilter(call: Call): Promise<MessageFilter> {
  return { ...EMPTY_FILTER, clusterId: call.cluster.id, topicIds: await scopedTopicIds(call) };
}

/** Whether the visible text of a row contains a word: its type, topic, key, groups, error or status. */
function mentions(row: MessageListRow, word: string): boolean {
  const wanted = word.toLowerCase();
  const said = [
    row.id,
    row.type,
    row.topic,
    row.key,
    row.status,
    row.service,
    row.error?.type,
    row.error?.message,
    ...row.groupNames,
  ];
  return said.some((text) => text?.toLowerCase().includes(wanted) ?? false);
}
