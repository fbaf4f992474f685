import { z } from 'zod';
import type { SessionView } from '@/lib/contract/sessions';
import { CourierError } from '@/lib/errors';
import { endSessionById, listSessions } from '@/lib/store/operators/sessions';
import { defineOperation } from '../operation';
import { format } from '@/lib/protocol/strings';

/** Lists the caller's own sessions that have not ended. */
export const listOwnSessions = defineOperation({
  name: 'sessions.list',
  permission: 'session',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<{ sessions: SessionView[] }> {
    const sessions = await listSessions(
      call.store,
      call.actor.id ?? -1,
      call.settings.COURIER_SESSION_IDLE_MINUTES,
    );
    return {
      sessions: sessions.map((session) => ({
        id: session.id,
        createdAt: session.createdAt.toISOString(),
        seenAt: session.seenAt.toISOString(),
        expiresAt: session.expiresAt.toISOString(),
      })),
    };
  },
});

/** Ends one of the caller's own sessions. */
export const endOwnSession = defineOperation({
  name: 'sessions.end',
  permission: 'session',
  input: z.strictObject({ id: format(/^[0-9a-f]{16}$/, 'the name of a session') }),
  scope: () => ({}),
  audit: ({ id }) => ({ object: `session ${id}` }),
  async run(call, { id }): Promise<{ id: string }> {
    if (!(await endSessionById(call.tx, call.actor.id ?? -1, id))) {
      throw new CourierError('not_found', `You have no session ${id} that has not ended.`);
    }
    return { id };
  },
});
