import { useQuery } from '@tanstack/react-query';
import { ask } from './api';
import { pace } from './refresh';

/** What needs a person now, and the last hour. */
export function useOverview() {
  return useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => ask('GET /api/overview', { signal }),
    refetchInterval: (query) => pace(query, 5_000),
  });
}
