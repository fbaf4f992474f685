import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { NewToken } from '@/lib/contract/settings';
import { ask } from './api';
import { renew } from './renew';
import { pace } from './refresh';

export function useSettings() {
  return useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => ask('GET /api/settings', { signal }),
    refetchInterval: (query) => pace(query, 10_000),
  });
}

/** The last test of the connection; `refetch` runs one. */
export function useConnectionCheck() {
  return useQuery({
    queryKey: ['settings', 'check'],
    queryFn: ({ signal }) => ask('GET /api/settings/check', { signal }),
    enabled: false,
    retry: false,
  });
}

export function useTokens() {
  return useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => ask('GET /api/tokens', { signal }),
  });
}

/** Makes a token; its value is in the answer and nowhere else. */
export function useMakeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewToken) => ask('POST /api/tokens', { body }),
    onSuccess: () => renew(client, ['tokens']),
  });
}

export function useEndToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: { name: string; id: number }) => ask('DELETE /api/tokens', { body: token }),
    onSuccess: () => renew(client, ['tokens']),
  });
}

export function useSessions() {
  return useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => ask('GET /api/sessions', { signal }),
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ask('DELETE /api/sessions/{id}', { params: { id }, body: {} }),
    onSuccess: () => renew(client, ['sessions']),
  });
}

/** Pauses the move of former days, or lets it go on. */
export function usePauseMove() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (isPaused: boolean) => ask('PUT /api/settings/former-days', { body: { isPaused } }),
    onSuccess: () => renew(client, ['settings']),
  });
}
