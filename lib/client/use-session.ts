import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { watchActivity } from './activity';
import type { SignInRequest } from '@/lib/contract/sessions';
import { ask } from './api';

export function useSignIn() {
  return useMutation({
    mutationFn: (body: SignInRequest) => ask('POST /api/session', { body }),
  });
}

/** Ends the session and leaves for the sign-in; also when the menu that was pressed is gone by then. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => ask('DELETE /api/session', { body: {} }),
    onSuccess: () => location.assign('/sign-in'),
  });
}

const LOOK_EVERY_MS = 15_000;

/**
 * Polls when the session ends. The poll itself does not count as activity of the user. Keys and clicks do: the next
 * request of the page reports them, this poll at the latest.
 */
export function useCurrentSession() {
  const query = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => ask('GET /api/session', { signal }),
    refetchInterval: LOOK_EVERY_MS,
  });
  useEffect(() => watchActivity(), []);
  return query;
}
