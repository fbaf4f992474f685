import { useQueries } from '@tanstack/react-query';
import type { MessageList } from '@/lib/contract/messages';
import { ask } from './api';
import { pace } from './refresh';
import { requestOf, type MessageFilters } from './use-messages';

const EVERY_MS = 10_000;

/** Several lists of which only the counts are shown, in the order asked for; undefined while one is not there. */
export function useManyLists(filters: MessageFilters[]): (MessageList | undefined)[] {
  return useQueries({
    queries: filters.map((filter) => {
      const query = requestOf(filter);
      return {
        queryKey: ['messages', query],
        queryFn: ({ signal }: { signal: AbortSignal }) => ask('GET /api/messages', { query, signal }),
        refetchInterval: (request: { state: { data: unknown; error: Error | null } }) =>
          pace(request, EVERY_MS),
      };
    }),
    combine: (results) => results.map(({ data }) => data),
  });
}
