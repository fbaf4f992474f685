import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from './api';
import { renew } from './renew';

export interface WorkersAnswer {
  at: string;
  cluster: { name: string; kind: string; environment: string };
  sampleSeconds: number;
  workers: {
    worker: string;
    host: string;
    state: 'starting' | 'running' | 'standby' | 'failing' | 'stopped' | 'silent';
    beatAt: string;
    detail: Record<string, unknown>;
  }[];
}

export function useWorkers() {
  return useQuery({
    queryKey: ['workers'],
    queryFn: ({ signal }) => get<WorkersAnswer>('/api/workers', signal),
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
