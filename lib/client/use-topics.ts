import { segmentOf } from '@/lib/values/path-segment';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { BrowseAnswer, DeadLetterTopics, TopicList, TopicView } from '@/lib/contract/topics';
import { get, send } from './api';
import { renew } from './renew';
import { pace } from './refresh';

export function useTopics(internal: boolean) {
  return useQuery({
    queryKey: ['topics', internal],
    queryFn: ({ signal }) => get<TopicList>(`/api/topics${internal ? '?internal=true' : ''}`, signal),
    refetchInterval: (query) => pace(query, 10_000),
    placeholderData: keepPreviousData,
  });
}

/** Dead-letter topics, with what is on them and how they grow. */
export function useDeadLetterTopics() {
  return useQuery({
    queryKey: ['dead-letter topics'],
    queryFn: ({ signal }) => get<DeadLetterTopics>('/api/dead-letter-topics', signal),
    refetchInterval: (query) => pace(query, 10_000),
  });
}

export function useTopic(name: string) {
  return useQuery({
    queryKey: ['topic', name],
    queryFn: ({ signal }) => get<TopicView>(`/api/topics/${segmentOf(name)}`, signal),
    refetchInterval: (query) => pace(query, 10_000),
    retry: false,
  });
}

export interface BrowseAt {
  from: 'newest' | 'oldest' | 'offset' | 'time';
  partition: number | null;
  offset: string | null;
  time: string | null;
}

function browsePath(name: string, query: URLSearchParams): string {
  return `/api/topics/${segmentOf(name)}/browse?${query}`;
}

/** Records of a topic, straight from the broker. */
export function useBrowse(name: string, at: BrowseAt) {
  const query = new URLSearchParams({ from: at.from });
  if (at.partition !== null) query.set('partition', String(at.partition));
  if (at.from === 'offset') query.set('offset', at.offset ?? '0');
  if (at.from === 'time' && at.time) query.set('time', at.time);
  return useQuery({
    queryKey: ['browse', name, query.toString()],
    queryFn: ({ signal }) => get<BrowseAnswer>(browsePath(name, query), signal),
    enabled: at.from !== 'time' || at.time !== null,
    retry: false,
  });
}

/** What came after a point. @param next offsets by partition, as an answer before gave them */
export function browseAfter(name: string, partition: number | null, next: Record<string, string>) {
  const after = Object.entries(next).map(([item, offset]) => `${item}:${offset}`);
  const query = new URLSearchParams({ from: 'after', after: after.join(',') });
  if (partition !== null) query.set('partition', String(partition));
  return get<BrowseAnswer>(browsePath(name, query));
}

export function useConfigureTopic(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (policy: TopicView['policy'] & { was: TopicView['policy'] }) =>
      send('PUT', `/api/topics/${segmentOf(name)}`, policy),
    onSuccess: () => renew(client, ['topic', name]),
  });
}

export interface TestInput {
  partition: number | null;
  key: string | null;
  type: string | null;
  headers: [string, string][];
  payload: string | null;
}

export function usePublishTest(name: string) {
  return useMutation({
    mutationFn: (input: TestInput) =>
      send<{ id: string }>('POST', `/api/topics/${segmentOf(name)}/test`, input),
  });
}

/** What became of a test message; asked until it is known. */
export function useTest(id: string | null) {
  return useQuery({
    queryKey: ['test message', id],
    queryFn: ({ signal }) =>
      get<{
        id: string;
        state: 'PENDING' | 'SENDING' | 'SENT' | 'REFUSED' | 'NOT_SENT' | 'UNCERTAIN';
        detail: string | null;
      }>(`/api/test-messages/${id ?? ''}`, signal),
    enabled: id !== null,
    refetchInterval: ({ state }) =>
      state.data && state.data.state !== 'PENDING' && state.data.state !== 'SENDING' ? false : 500,
  });
}
