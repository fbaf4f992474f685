import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { putService } from '@/lib/store/services/services';
import { insertToken, revokeTokens } from '@/lib/store/services/tokens';
import { defineOperation } from '../operation';
import { format, words } from '@/lib/protocol/strings';

const name = words(100).pipe(format(/^[\w .@/-]+$/, 'letters, digits, spaces and _ . @ / -'));

const patterns = z
  .array(format(/^[\w.*-]{1,249}$/, 'a topic, with * for any text: 1 to 249 letters, digits and . _ - *'))
  .max(200)
  .nullable()
  .optional();

/** Topics that a service may publish to and read; what is absent stays as it is, null is the default rule. */
export interface ServiceRights {
  publish?: string[] | null;
  read?: string[] | null;
}

/**
 * Makes a token of a service and answers it, this once. The one before stays valid beside it, so that the service can be
 * changed over without a gap; an older one ends.
 */
export const makeToken = defineOperation({
  name: 'tokens.make',
  permission: 'tokens.manage',
  input: z.strictObject({ name, publish: patterns, read: patterns }),
  scope: () => ({}),
  // Never the token: a reader of the audit must not be able to act as the service.
  audit: ({ name: service, publish, read }) => ({
    object: `token ${service}`,
    detail: { ...(publish === undefined ? {} : { publish }), ...(read === undefined ? {} : { read }) },
  }),
  async run(call, input): Promise<{ name: string; token: string }> {
    await putService(call.tx, input.name, input);
    return { name: input.name, token: await insertToken(call.tx, input.name, 'service') };
  },
});

/** Ends one token of a service, or all of them. Services that use it are refused within ten seconds. */
export const endToken = defineOperation({
  name: 'tokens.end',
  permission: 'tokens.manage',
  input: z.strictObject({ name, id: z.number().int().optional() }),
  scope: () => ({}),
  audit: (input) => ({
    object: `token ${input.name}`,
    detail: input.id === undefined ? {} : { id: input.id },
  }),
  async run(call, input): Promise<{ name: string }> {
    if ((await revokeTokens(call.tx, input.name, input.id ?? null)) === 0) {
      throw new CourierError('not_found', `There is no token ${input.name} that has not ended.`);
    }
    return { name: input.name };
  },
});
