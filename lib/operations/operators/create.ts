import { z } from 'zod';
import { MIN_PASSWORD } from '@/lib/domain/operators/password';
import { foldName, isReadableName } from '@/lib/domain/operators/name';
import { CourierError } from '@/lib/errors';
import { forgetAttempts } from '@/lib/store/operators/attempts';
import { putOperator } from '@/lib/store/operators/operators';
import { defineOperation } from '../operation';
import { FIRST_RANK, hashing } from '../sessions/admission';
import { hashPassword } from './hash-password';
import { anyText, words } from '@/lib/protocol/strings';

/** Makes an operator, or gives one of that name a new password. */
export const createOperator = defineOperation({
  name: 'operators.create',
  permission: 'operators.manage',
  input: z.strictObject({
    name: words(100).refine(isReadableName, {
      error: 'a name of characters that can be seen',
    }),
    password: anyText(1_000).refine((password) => password.length >= MIN_PASSWORD, {
      error: `at least ${MIN_PASSWORD} characters`,
    }),
  }),
  scope: () => ({}),
  audit: ({ name }) => ({ object: `operator ${name}` }),
  async run({ tx }, input) {
    const claim = { key: 'create', rank: FIRST_RANK, signal: new AbortController().signal };
    const hashed = await hashing.run(claim, () => hashPassword(input.password));
    if ('refusal' in hashed) {
      throw new CourierError(
        'too_many_requests',
        'Too many passwords are being checked. Try again in a minute.',
      );
    }
    const folded = foldName(input.name);
    await putOperator(tx, {
      name: input.name,
      folded,
      passwordHash: hashed.result,
      role: 'administrator',
    });
    // An operator with a new pass phrase must be able to use it, regardless of attempts by others.
    await forgetAttempts(tx, folded);
    return { name: input.name };
  },
});
