import { z } from 'zod';
import { endSession } from '@/lib/store/operators/sessions';
import { defineOperation } from '../operation';

/** Ends the session of a token. */
export const signOut = defineOperation({
  name: 'sessions.sign-out',
  permission: 'public',
  input: z.strictObject({ token: z.string().max(200) }),
  scope: () => ({}),
  audit: null,
  async run({ store }, { token }) {
    await endSession(store, token);
    return {};
  },
});
