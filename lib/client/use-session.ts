import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { watchActivity } from './activity';
import { get, send } from './api';

export function useSignIn() {
  return useMutation({
    mutationFn: (input: { name: string; password: string }) =>
      send<{ name: string }>('POST', '/api/session', input),
  });
}

/** Ends the session and leaves for the sign-in; also when the menu that was pressed is gone by then. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => send('DELETE', '/api/session', {}),
    onSuccess: () => location.assign('/sign-in'),
  });
}

export interface CurrentSession {
  name: string;
  idleEndsAt: string;
  expiresAt: string;
}

const LOOK_EVERY_MS = 15_000;

/**
 * When the session ends. It is asked from time to time, which is no activity of the person; keys and clicks are, and are
 * told at the next request of the page, the latest one being this.
 */
export function useCurrentSession() {
  const query = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => get<CurrentSession>('/api/session', signal),
    refetchInterval: LOOK_EVERY_MS,
  });
  useEffect(() => watchActivity(), []);
  return query;
}
