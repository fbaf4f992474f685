import { useQueries } from '@tanstack/react-query';
import type { MessageList } from '@/lib/contract/messages';
import { ask } from './api';
import { requestOf, type MessageFilters } from './use-messages';

/** Several lists at once, in the order asked for; undefined while one is not there. */
export function useManyLists(filters: MessageFilters[]): (MessageList | undefined)[] {
  return useQueries({
    queries: filters.map((filter) => {
      const query = requestOf(filter);
      return {
        queryKey: ['messages', query],
        queryFn: ({ signal }: { signal: AbortSignal }) => ask('GET /api/messages', { query, signal }),
      };
    }),
    combine: (results) => results.map(({ data }) => data),
  });
}
