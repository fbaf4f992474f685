import { segmentOf } from '@/lib/values/path-segment';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import type { SearchAnswer } from '@/lib/contract/search';
import type { MessageHistogram, MessageList, MessageStory, PayloadView } from '@/lib/contract/messages';
import { get } from './api';
import { pace } from './refresh';

export interface MessageFilters {
  status: string[];
  topic: string | null;
  group: string | null;
  type: string | null;
  key: string | null;
  service: string | null;
  kind: string | null;
  error: string | null;
  from: string | null;
  to: string | null;
  q: string | null;
  before: string | null;
}

/** Every message. */
export const NO_FILTERS: MessageFilters = {
  status: [],
  topic: null,
  group: null,
  type: null,
  key: null,
  service: null,
  kind: null,
  error: null,
  from: null,
  to: null,
  q: null,
  before: null,
};

const NAMES = [
  'topic',
  'group',
  'type',
  'key',
  'service',
  'kind',
  'error',
  'from',
  'to',
  'q',
  'before',
] as const;

/** The filter in force as the query of an address. */
export function queryOf(filters: MessageFilters): string {
  const query = new URLSearchParams();
  if (filters.status.length > 0) query.set('status', filters.status.join(','));
  for (const name of NAMES) {
    const value = filters[name];
    if (value) query.set(name, value);
  }
  return query.toString();
}

/** A page of messages. What is on screen stays while the next page comes. */
export function useMessages(filters: MessageFilters) {
  const query = queryOf(filters);
  return useQuery({
    queryKey: ['messages', query],
    queryFn: ({ signal }) => get<MessageList>(`/api/messages?${query}`, signal),
    placeholderData: keepPreviousData,
    // Rows that one reads stay where they are; `useNewer` says what came since.
    refetchOnWindowFocus: false,
  });
}

/** How many messages of the filter were made in each sixtieth of the last minutes, by status. */
export function useHistogram(filters: MessageFilters, minutes: number) {
  const query = queryOf({ ...filters, before: null, q: null, from: null, to: null });
  return useQuery({
    queryKey: ['histogram', query, minutes, filters.from],
    queryFn: ({ signal }) => {
      // Whole steps, so that bars stand still while time goes on.
      const step = (minutes * 60_000) / 60;
      const now = (Math.floor(Date.now() / step) + 1) * step;
      // A time that is asked for is within what is shown, however long ago it is.
      const begin = Math.min(now - minutes * 60_000, filters.from ? Date.parse(filters.from) : now);
      const span = new URLSearchParams({
        from: new Date(begin).toISOString(),
        to: new Date(now).toISOString(),
      });
      return get<MessageHistogram>(`/api/messages/histogram?${query}&${span}`, signal);
    },
    enabled: filters.q === null,
    refetchInterval: (query) => pace(query, 10_000),
    placeholderData: keepPreviousData,
  });
}

/**
 * What came of the filter's newest messages since: how many are newer than the first one that is shown (`isAll` is false
 * where there may be more), and the rows as they are now. Looks every five seconds.
 */
export function useNewer(filters: MessageFilters, firstId: string | undefined) {
  const query = queryOf({ ...filters, before: null });
  return useQuery({
    queryKey: ['messages', 'newer', query],
    queryFn: ({ signal }) => get<MessageList>(`/api/messages?${query}`, signal),
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
    queryFn: ({ signal }) => get<MessageStory>(`/api/messages/${segmentOf(id)}`, signal),
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
    queryFn: ({ signal }) => get<PayloadView>(`/api/messages/${segmentOf(id)}/payload`, signal),
    staleTime: 60_000,
  });
}

/** Key and headers of a message, without its payload. */
export function useHeaders(id: string) {
  return useQuery({
    queryKey: ['headers', id],
    queryFn: ({ signal }) => get<PayloadView>(`/api/messages/${segmentOf(id)}/headers`, signal),
    staleTime: 60_000,
  });
}

/** Asks what is found for the words of the palette. */
export function searchFor(text: string) {
  return queryOptions({
    queryKey: ['search', text],
    queryFn: ({ signal }) => get<SearchAnswer>(`/api/search?q=${encodeURIComponent(text)}`, signal),
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
