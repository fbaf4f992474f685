import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { findSession, readSessionEnds } from '@/lib/store/operators/sessions';
import type { Actor, Context } from '@/lib/context/context';
import { defineOperation } from '../operation';
import { anyText } from '@/lib/protocol/strings';

/** Maximum number of a request's session tokens that are checked. */
const MAX_TOKENS = 3;

/**
 * Returns the operator of the first valid session token; the anonymous actor if all are missing, unknown or ended.
 * @param isActive whether a person did something; see `findSession`
 */
export async function actorOf(context: Context, tokens: readonly string[], isActive = true): Promise<Actor> {
  for (const token of tokens.slice(0, MAX_TOKENS)) {
    const idleMinutes = context.settings.COURIER_SESSION_IDLE_MINUTES;
    const found = await findSession(context.store, token, idleMinutes, isActive);
    if (found) return found;
  }
  return { id: null, name: 'nobody', role: 'anonymous' };
}

/** Returns when the caller's session ends, so that a page can warn before it does. */
export const currentSession = defineOperation({
  name: 'sessions.current',
  permission: 'session',
  input: z.strictObject({ tokens: z.array(anyText(200)).max(20) }),
  scope: () => ({}),
  audit: null,
  async run({ store, settings, actor }, { tokens }) {
    for (const token of tokens.slice(0, MAX_TOKENS)) {
      const ends = await readSessionEnds(store, token, settings.COURIER_SESSION_IDLE_MINUTES);
      if (!ends) continue;
      return {
        name: actor.name,
        idleEndsAt: ends.idleEndsAt.toISOString(),
        expiresAt: ends.expiresAt.toISOString(),
      };
    }
    throw new CourierError('not_signed_in', 'The session has ended. Sign in again.');
  },
});
