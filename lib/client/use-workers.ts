import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from './api';
import { renew } from './renew';

export function useWorkers() {
  return useQuery({
    queryKey: ['workers'],
    queryFn: ({ signal }) => ask('GET /api/workers', { signal }),
    refetchInterval: 5_000,
  });
}

/** Lets the workers of the cluster try again at once, and reads the page anew. */
export function useTryNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask('POST /api/workers/try-now', { body: {} }),
    onSettled: () => renew(client),
  });
}
