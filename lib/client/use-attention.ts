import { useQuery } from '@tanstack/react-query';
import { get } from './api';

/** How many things at each place need a person. */
export interface Attention {
  failures: number;
  retries: number;
  groups: number;
}

export function useAttention() {
  return useQuery({
    queryKey: ['attention'],
    queryFn: ({ signal }) => get<Attention>('/api/attention', signal),
    refetchInterval: 10_000,
  });
}
