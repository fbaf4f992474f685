import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { insertToken, revokeToken } from '@/lib/store/tokens';
import { defineOperation } from '../operation';

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[\w .@/-]+$/, { error: 'letters, digits, spaces and _ . @ / -' });

/** Makes the token of a service and answers it, this once; an older one of that service ends. */
export const makeToken = defineOperation({
  name: 'tokens.make',
  permission: 'tokens.manage',
  input: z.strictObject({ name }),
  scope: () => ({}),
  // Never the token: whoever may read the audit must not become the service.
  audit: (input) => ({ object: `token ${input.name}` }),
  async run(call, input): Promise<{ name: string; token: string }> {
    return { name: input.name, token: await insertToken(call.tx, input.name, 'service') };
  },
});

/** Ends a token. Services that use it are refused within ten seconds. */
export const endToken = defineOperation({
  name: 'tokens.end',
  permission: 'tokens.manage',
  input: z.strictObject({ name }),
  scope: () => ({}),
  audit: (input) => ({ object: `token ${input.name}` }),
  async run(call, input): Promise<{ name: string }> {
    if (!(await revokeToken(call.tx, input.name))) {
      throw new CourierError('not_found', `There is no token ${input.name} that has not ended.`);
    }
    return { name: input.name };
  },
});
