import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { defineOperation } from '../operation';
import { text } from '@/lib/protocol/strings';

/** Answers requests for unknown addresses of the API. */
export const unknownPath = defineOperation({
  name: 'api.unknown-path',
  permission: 'public',
  input: z.strictObject({ path: text(500) }),
  scope: () => ({}),
  audit: null,
  run: (_, { path }): Promise<never> =>
    Promise.reject(new CourierError('not_found', `There is nothing at ${path}.`)),
});
