import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { BrowseQuery, TestMessageRequest, TestMessageView, TopicPolicy } from '@/lib/contract/topics';
import { ask } from './api';
import { renew } from './renew';
import { pace } from './refresh';

export function useTopics(internal: boolean) {
  return useQuery({
    queryKey: ['topics', internal],
    queryFn: ({ signal }) => ask('GET /api/topics', { query: internal ? { internal } : {}, signal }),
    refetchInterval: (query) => pace(query, 10_000),
    placeholderData: keepPreviousData,
  });
}

/** Dead-letter topics, with what is on them and how they grow. */
export function useDeadLetterTopics() {
  return useQuery({
    queryKey: ['dead-letter topics'],
    queryFn: ({ signal }) => ask('GET /api/dead-letter-topics', { signal }),
    refetchInterval: (query) => pace(query, 10_000),
  });
}

export function useTopic(name: string) {
  return useQuery({
    queryKey: ['topic', name],
    queryFn: ({ signal }) => ask('GET /api/topics/{name}', { params: { name }, signal }),
    refetchInterval: (query) => pace(query, 10_000),
    retry: false,
  });
}

export interface BrowseAt {
  from: Exclude<NonNullable<BrowseQuery['from']>, 'after'>;
  partition: number | null;
  offset: string | null;
  time: string | null;
}

/** Records of a topic, straight from the broker. */
export function useBrowse(name: string, at: BrowseAt) {
  const query = {
    from: at.from,
    ...(at.partition === null ? {} : { partition: at.partition }),
    ...(at.from === 'offset' ? { offset: at.offset ?? '0' } : {}),
    ...(at.from === 'time' && at.time ? { time: at.time } : {}),
  };
  return useQuery({
    queryKey: ['browse', name, query],
    queryFn: ({ signal }) => ask('GET /api/topics/{name}/browse', { params: { name }, query, signal }),
    enabled: at.from !== 'time' || at.time !== null,
    retry: false,
  });
}

/** One record by its place. A record does not change while it is there. */
export function useRecord(name: string, partition: number | string, offset: string) {
  const params = { name, partition: String(partition), offset };
  return useQuery({
    queryKey: ['record', params],
    queryFn: ({ signal }) => ask('GET /api/topics/{name}/records/{partition}/{offset}', { params, signal }),
    staleTime: 60_000,
    retry: false,
  });
}

/** What came after a point. @param next offsets by partition, as an answer before gave them */
export function browseAfter(name: string, partition: number | null, next: Record<string, string>) {
  const after = Object.entries(next).map(([item, offset]) => `${item}:${offset}`);
  const query = {
    from: 'after' as const,
    after: after.join(','),
    ...(partition === null ? {} : { partition }),
  };
  return ask('GET /api/topics/{name}/browse', { params: { name }, query });
}

export function useConfigureTopic(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TopicPolicy & { was: TopicPolicy }) =>
      ask('PUT /api/topics/{name}', { params: { name }, body }),
    onSuccess: () => renew(client, ['topic', name]),
  });
}

export function usePublishTest(name: string) {
  return useMutation({
    mutationFn: (body: TestMessageRequest) => ask('POST /api/topics/{name}/test', { params: { name }, body }),
  });
}

const FINAL: ReadonlySet<TestMessageView['state']> = new Set(['SENT', 'REFUSED', 'UNKNOWN']);

/** What became of a test message; asked until it is final. */
export function useTest(id: string | null) {
  return useQuery({
    queryKey: ['test message', id],
    queryFn: ({ signal }) => ask('GET /api/test-messages/{id}', { params: { id: id ?? '' }, signal }),
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data && FINAL.has(state.data.state) ? false : 500),
  });
}
