import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { MessageList, MessageStory, PayloadView, SearchAnswer } from '@/lib/domain/views';
import { get } from './api';

export interface MessageFilters {
  status: string[];
  topic: string | null;
  group: string | null;
  type: string | null;
  key: string | null;
  before: string | null;
}

function queryOf(filters: MessageFilters): string {
  const query = new URLSearchParams();
  if (filters.status.length > 0) query.set('status', filters.status.join(','));
  for (const name of ['topic', 'group', 'type', 'key', 'before'] as const) {
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
  });
}

/** How many messages of the filter came after the first one that is shown; looks every five seconds. */
export function useNewer(filters: MessageFilters, firstId: string | undefined) {
  const query = queryOf({ ...filters, before: null });
  return useQuery({
    queryKey: ['messages', 'newer', query],
    queryFn: ({ signal }) => get<MessageList>(`/api/messages?${query}`, signal),
    enabled: filters.before === null,
    refetchInterval: 5_000,
    select: (list) => list.rows.filter((row) => firstId === undefined || row.id > firstId).length,
  });
}

/** A message's story, live: every two seconds while something is on its way, else every ten. */
export function useMessage(id: string) {
  return useQuery({
    queryKey: ['message', id],
    queryFn: ({ signal }) => get<MessageStory>(`/api/messages/${encodeURIComponent(id)}`, signal),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? 2_000 : 10_000),
    retry: false,
  });
}

function isMoving(story: MessageStory): boolean {
  return story.status !== 'HANDLED' || story.retries.some((item) => item.endedAt === null);
}

export function usePayload(id: string) {
  return useQuery({
    queryKey: ['payload', id],
    queryFn: ({ signal }) => get<PayloadView>(`/api/messages/${encodeURIComponent(id)}/payload`, signal),
    staleTime: 60_000,
  });
}

/** What was found for the words in the palette. */
export function useSearch(text: string) {
  return useQuery({
    queryKey: ['search', text],
    queryFn: ({ signal }) => get<SearchAnswer>(`/api/search?q=${encodeURIComponent(text)}`, signal),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
  });
}
