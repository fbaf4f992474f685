import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { WorkersView } from '@/lib/contract/workers';
import { get, send } from './api';
import { renew } from './renew';

export function useWorkers() {
  return useQuery({
    queryKey: ['workers'],
    queryFn: ({ signal }) => get<WorkersView>('/api/workers', signal),
    refetchInterval: 5_000,
  });
}

/** Lets the workers of the cluster try again at once, and reads the page anew. */
export function useTryNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send('POST', '/api/workers/try-now', {}),
    onSettled: () => renew(client),
  });
}
