import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from '@tanstack/react-query';
import type { Expectation } from '@/lib/domain/groups/expectation';
import { ask } from './api';
import { pace } from './refresh';

const EVERY_MS = 5_000;

export function useGroups() {
  return useQuery({
    queryKey: ['groups'],
    queryFn: ({ signal }) => ask('GET /api/groups', { signal }),
    refetchInterval: (query) => pace(query, EVERY_MS),
  });
}

export function useGroup(name: string) {
  return useQuery({
    queryKey: ['group', name],
    queryFn: ({ signal }) => ask('GET /api/groups/{name}', { params: { name }, signal }),
    // A change is shown with the measurement that it came with.
    refetchInterval: (query) =>
      pace(query, Math.min(EVERY_MS, (query.state.data?.everySeconds ?? Infinity) * 1_000)),
    retry: false,
  });
}

/** Acknowledges the losses of a group up to the time of the newest that was shown. */
export function useAcknowledgeLosses(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (upTo: string) => ask('POST /api/groups/{name}/losses', { params: { name }, body: { upTo } }),
    onSettled: () => renew(client, name),
  });
}

/** Marks when a group may have no members. */
export function useExpectNoMembers(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { expectation: Expectation; note?: string }) =>
      ask('PUT /api/groups/{name}/expectation', { params: { name }, body }),
    onSettled: () => renew(client, name),
  });
}

/** Ends that mark. */
export function useEndExpectation(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask('DELETE /api/groups/{name}/expectation', { params: { name }, body: {} }),
    onSettled: () => renew(client, name),
  });
}

/** Reads anew whatever counts or shows a group. */
function renew(client: QueryClient, name: string): Promise<unknown> {
  return Promise.all(
    [['groups'], ['group', name], ['overview'], ['attention']].map((queryKey) =>
      client.invalidateQueries({ queryKey }),
    ),
  );
}

export interface LagSpan {
  minutes: number;
  /** A span that was zoomed to, as ISO 8601; null where it is the last minutes. */
  from: string | null;
  to: string | null;
}

/**
 * Lag over time; a span that ends now is read anew with each measurement, so that it fits the numbers beside it.
 * @param topic null for one line a topic, else one line a partition of it
 * @param sampledAt the measurement that the page shows
 */
export function useLag(
  name: string,
  { minutes, from, to }: LagSpan,
  topic: string | null,
  sampledAt: string,
) {
  const query = { minutes, ...(from && to ? { from, to } : {}), ...(topic ? { topic } : {}) };
  return useQuery({
    queryKey: ['lag', name, query, from && to ? null : sampledAt],
    queryFn: ({ signal }) => ask('GET /api/groups/{name}/lag', { params: { name }, query, signal }),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
}
