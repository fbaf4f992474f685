import { findSession } from '@/lib/store/operators/sessions';
import type { Actor, Context } from '../context';

/** Who a session token belongs to; nobody, where it is missing, unknown or ended. */
export async function actorOf(context: Context, token: string | undefined): Promise<Actor> {
  const found = token
    ? await findSession(context.store, token, context.settings.COURIER_SESSION_IDLE_MINUTES)
    : null;
  return found ?? { id: null, name: 'nobody', role: 'anonymous' };
}
