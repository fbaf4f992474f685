import { useQuery } from '@tanstack/react-query';
import type { OverviewView } from '@/lib/contract/overview';
import { get } from './api';
import { pace } from './refresh';

/** What needs a person now, and the last hour. */
export function useOverview() {
  return useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => get<OverviewView>('/api/overview', signal),
    refetchInterval: (query) => pace(query, 5_000),
  });
}
