import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type { SearchAnswer } from '@/lib/contract/search';
import { FILTER_NAMES, type FilterName } from '@/lib/contract/message-filter';
import type { RequestOf } from '@/lib/contract/api';
import type { MessageStory } from '@/lib/contract/messages';
import { ask, queryText } from './api';
import { pace } from './refresh';
import { lastMinutes } from './use-span';

/** What a list is narrowed by, as pages have it: null where it is not. */
export type MessageFilters = { [Name in Exclude<FilterName, 'status'>]: string | null } & {
  status: string[];
  /** Words of a search. */
  q: string | null;
  /** Cursor of a page. */
  before: string | null;
};

/** Every message. */
export const NO_FILTERS = {
  ...Object.fromEntries(FILTER_NAMES.map((name) => [name, null])),
  status: [],
  q: null,
  before: null,
} as unknown as MessageFilters;

/** The filter in force as the query of a page's address. */
export function queryOf({ status, ...filters }: MessageFilters): string {
  return queryText({ status: status.join(','), ...filters });
}

/** The filter in force as a request has it. */
export function requestOf(filters: MessageFilters): RequestOf<'GET /api/messages'>['query'] {
  return Object.fromEntries(
    Object.entries(filters).filter(([, value]) => value !== null && value.length > 0),
  );
}

/** A page of messages. What is on screen stays while the next page comes. */
export function useMessages(filters: MessageFilters) {
  const query = requestOf(filters);
  return useQuery({
    queryKey: ['messages', query],
    queryFn: ({ signal }) => ask('GET /api/messages', { query, signal }),
    placeholderData: keepPreviousData,
    // Rows do not move while a user reads them; `useNewer` reports the newer messages.
    refetchOnWindowFocus: false,
  });
}

/** How many messages of the filter were made in each sixtieth of the last minutes, by status. */
export function useHistogram(filters: MessageFilters, minutes: number) {
  const query = requestOf({ ...filters, before: null, q: null });
  return useQuery({
    queryKey: ['histogram', query, minutes, filters.from],
    queryFn: ({ signal }) => {
      const { from, to } = lastMinutes(minutes, Date.now());
      // A time that is asked for is within what is shown, however long ago it is.
      const begin = Math.min(from, filters.from ? Date.parse(filters.from) : from);
      const span = { from: new Date(begin).toISOString(), to: new Date(to).toISOString() };
      return ask('GET /api/messages/histogram', { query: { ...query, ...span }, signal });
    },
    enabled: filters.q === null,
    refetchInterval: (query) => pace(query, 10_000),
    placeholderData: keepPreviousData,
  });
}

/**
 * Polls the newest messages of the filter every five seconds. Returns how many are newer than the first one that is shown
 * (`isAll` is false if there may be more), and the current rows by id.
 */
export function useNewer(filters: MessageFilters, firstId: string | undefined) {
  const query = requestOf({ ...filters, before: null });
  return useQuery({
    queryKey: ['messages', 'newer', query],
    queryFn: ({ signal }) => ask('GET /api/messages', { query, signal }),
    enabled: filters.before === null && filters.to === null && filters.q === null,
    refetchInterval: (query) => pace(query, 5_000),
    select: (list) => {
      const count = list.rows.filter((row) => firstId === undefined || row.id > firstId).length;
      const isAll = count < list.rows.length || list.next === null;
      return { count, isAll, rows: new Map(list.rows.map((row) => [row.id, row])) };
    },
  });
}

/** A message's story, live: every two seconds while something is on its way, else every ten. */
export function useMessage(id: string) {
  return useQuery({
    queryKey: ['message', id],
    queryFn: ({ signal }) => ask('GET /api/messages/{id}', { params: { id }, signal }),
    refetchInterval: (query) => pace(query, query.state.data && isMoving(query.state.data) ? 2_000 : 10_000),
    retry: false,
  });
}

function isMoving(story: MessageStory): boolean {
  return story.status !== 'HANDLED' || story.retries.some((item) => item.endedAt === null);
}

export function usePayload(id: string) {
  return useQuery({
    queryKey: ['payload', id],
    queryFn: ({ signal }) => ask('GET /api/messages/{id}/payload', { params: { id }, signal }),
    staleTime: 60_000,
  });
}

/** Key and headers of a message, without its payload. */
export function useHeaders(id: string) {
  return useQuery({
    queryKey: ['headers', id],
    queryFn: ({ signal }) => ask('GET /api/messages/{id}/headers', { params: { id }, signal }),
    staleTime: 60_000,
  });
}

/** Asks what is found for the words of the palette. */
export function searchFor(text: string) {
  return queryOptions({
    queryKey: ['search', text],
    queryFn: ({ signal }) => ask('GET /api/search', { query: { q: text }, signal }),
  });
}

/** A message that was published a moment ago is not known yet. */
const SEARCH_AGAIN_MS = 3_000;

/** What was found for the words in the palette; asked again while nothing is. */
export function useSearch(text: string) {
  return useQuery({
    ...searchFor(text),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => (data && foundNothing(data) ? SEARCH_AGAIN_MS : false),
  });
}

function foundNothing({ hits, groups, topics, failures }: SearchAnswer): boolean {
  return [hits, groups, topics, failures].every((list) => list.length === 0);
}
