import { z } from 'zod';
import { endSession } from '@/lib/store/operators/sessions';
import { defineOperation } from '../operation';
import { anyText } from '@/lib/protocol/strings';

/** Ends the sessions of some tokens. */
export const signOut = defineOperation({
  name: 'sessions.sign-out',
  permission: 'public',
  input: z.strictObject({ tokens: z.array(anyText(200)).max(20) }),
  scope: () => ({}),
  audit: null,
  async run({ store }, { tokens }) {
    for (const token of tokens) await endSession(store, token);
    return {};
  },
});
