import { useMutation } from '@tanstack/react-query';
import { send } from './api';

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
