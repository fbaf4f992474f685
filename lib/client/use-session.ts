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
 * When the session ends. It is asked from time to time, which is no activity of the person; keys and clicks are, and are
 * told at the next request of the page, the latest one being this.
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
