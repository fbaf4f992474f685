import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ServiceView, SessionView, SettingsView, TokenView } from '@/lib/contract/settings';
import { get, send } from './api';
import { renew } from './renew';
import { pace } from './refresh';

export function useSettings() {
  return useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => get<SettingsView>('/api/settings', signal),
    refetchInterval: (query) => pace(query, 10_000),
  });
}

export function useTokens() {
  return useQuery({
    queryKey: ['tokens'],
    queryFn: ({ signal }) => get<{ tokens: TokenView[]; services: ServiceView[] }>('/api/tokens', signal),
  });
}

/** Makes a token; its value is in the answer and nowhere else. */
export function useMakeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; publish?: string[]; read?: string[] }) =>
      send<{ name: string; token: string }>('POST', '/api/tokens', input),
    onSuccess: () => renew(client, ['tokens']),
  });
}

export function useEndToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: { name: string; id: number }) => send('DELETE', '/api/tokens', token),
    onSuccess: () => renew(client, ['tokens']),
  });
}

export function useSessions() {
  return useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => get<{ sessions: SessionView[] }>('/api/sessions', signal),
  });
}

export function useEndSession() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => send('DELETE', `/api/sessions/${id}`, {}),
    onSuccess: () => renew(client, ['sessions']),
  });
}
