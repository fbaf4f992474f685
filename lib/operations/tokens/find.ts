import { findToken } from '@/lib/store/tokens';
import { SYSTEM, type Context } from '../context';
import { makeToken } from './manage';

/** Name of the service that a token belongs to, or null for a token that is not valid. */
export function findServiceToken(context: Context, token: string): Promise<string | null> {
  return findToken(context.store, token, 'service');
}

/** As `makeToken`, by Courier itself. @returns the token, which is shown once */
export async function createServiceToken(context: Context, service: string): Promise<string> {
  return (await makeToken.call(context, SYSTEM, { name: service })).token;
}
