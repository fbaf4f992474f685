import { useQuery } from '@tanstack/react-query';
import { ask } from './api';

export function useAttention() {
  return useQuery({
    queryKey: ['attention'],
    queryFn: ({ signal }) => ask('GET /api/attention', { signal }),
    refetchInterval: 10_000,
  });
}
