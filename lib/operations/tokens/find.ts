import type { ServiceGrant } from '@/lib/domain/services/rights';
import { findServiceOfToken } from '@/lib/store/services/tokens';
import { SYSTEM, type Context } from '@/lib/context/context';
import { makeToken, type ServiceRights } from './manage';

/** The service that a token belongs to and what it may do, or null for a token that is not valid. */
export function findServiceToken(context: Context, token: string): Promise<ServiceGrant | null> {
  return findServiceOfToken(context.store, token);
}

/** As `makeToken`, by Courier itself. @returns the token, which is shown once */
export async function createServiceToken(
  context: Context,
  service: string,
  rights: ServiceRights = {},
): Promise<string> {
  return (await makeToken.call(context, SYSTEM, { name: service, ...rights })).token;
}
