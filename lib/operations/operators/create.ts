import { z } from 'zod';
import { LEAST_PASSWORD } from '@/lib/domain/password';
import { putOperator } from '@/lib/store/operators/operators';
import { defineOperation } from '../operation';
import { hashPassword } from './hash-password';

/** Makes an operator, or gives one of that name a new password. */
export const createOperator = defineOperation({
  name: 'operators.create',
  permission: 'operators.manage',
  input: z.strictObject({
    name: z.string().trim().min(1).max(100),
    password: z
      .string()
      .min(LEAST_PASSWORD, { error: `at least ${LEAST_PASSWORD} characters` })
      .max(1_000),
  }),
  scope: () => ({}),
  audit: ({ name }) => ({ object: `operator ${name}` }),
  async run({ tx }, input) {
    await putOperator(tx, input.name, await hashPassword(input.password), 'administrator');
    return { name: input.name };
  },
});
