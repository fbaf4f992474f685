import { createToken, findToken } from '@/lib/store/tokens';
import type { Context } from '../context';

/** Name of the service that a token belongs to, or null for a token that is not valid. */
export function findServiceToken(context: Context, token: string): Promise<string | null> {
  return findToken(context.store, token, 'service');
}

/** Makes the token of a service; an older one of that service ends. @returns the token, which is shown once */
export function createServiceToken(context: Context, service: string): Promise<string> {
  return createToken(context.store, service, 'service');
}
