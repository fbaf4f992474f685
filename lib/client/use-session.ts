import { useMutation } from '@tanstack/react-query';
import { send } from './api';

export function useSignIn() {
  return useMutation({
    mutationFn: (input: { name: string; password: string }) =>
      send<{ name: string }>('POST', '/api/session', input),
  });
}

export function useSignOut() {
  return useMutation({ mutationFn: () => send('DELETE', '/api/session', {}) });
}
