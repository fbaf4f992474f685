import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { findSession, readSessionEnds } from '@/lib/store/operators/sessions';
import type { Actor, Context } from '@/lib/context/context';
import { defineOperation } from '../operation';
import { anyText } from '@/lib/protocol/strings';

/** A request carries at most so many cookies of Courier's that are looked at. */
const MAX_TOKENS = 3;

/**
 * Who session tokens belong to: the first that is valid; nobody, where all are missing, unknown or ended.
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

/** When one's own session ends, so that a page can say it before it does. */
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
