import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { findOperator } from '@/lib/store/operators/operators';
import {
  beginSession,
  countAttempts,
  forgetAttempts,
  recordAttempt,
  takeBackAttempt,
} from '@/lib/store/operators/sessions';
import { writeAudit } from '@/lib/store/audit';
import { checkPassword } from '../operators/hash-password';
import { defineOperation } from '../operation';

/** Failed attempts in a quarter of an hour, after which an account or an address has to wait. */
const MOST_OF_ACCOUNT = 10;
const MOST_OF_ADDRESS = 30;

/** Signs an operator in. Wrong names and wrong passwords take as long and read the same. */
export const signIn = defineOperation({
  name: 'sessions.sign-in',
  permission: 'public',
  input: z.strictObject({
    name: z.string().trim().min(1).max(200),
    password: z.string().min(1).max(1_000),
    address: z.string().max(200),
  }),
  scope: () => ({}),
  // The password check must not hold a transaction open, so the entry is written below.
  audit: null,
  async run({ store, settings, cluster }, input) {
    const account = input.name.toLowerCase();
    // Written before they are counted: attempts made at the same time count each other.
    const attempt = await recordAttempt(store, account, input.address);
    const tried = await countAttempts(store, account, input.address);
    if (tried.account > MOST_OF_ACCOUNT || tried.address > MOST_OF_ADDRESS) {
      await takeBackAttempt(store, attempt);
      throw new CourierError('too_many_requests', 'Too many failed attempts. Try again in 15 minutes.');
    }
    const operator = await findOperator(store, input.name);
    const right = await checkPassword(input.password, operator?.passwordHash ?? '');
    const entry = {
      operatorId: operator?.id ?? null,
      operatorName: operator?.name ?? input.name,
      operation: 'sessions.sign-in',
      clusterId: cluster.id,
      object: null,
      reason: null,
    };
    if (!operator || !right) {
      await writeAudit(store, { ...entry, outcome: 'refused', detail: { address: input.address } });
      throw new CourierError('wrong_credentials', 'Name or password is wrong.');
    }
    await forgetAttempts(store, account);
    await writeAudit(store, { ...entry, outcome: 'done', detail: { address: input.address } });
    return {
      token: await beginSession(store, operator.id, settings.COURIER_SESSION_HOURS),
      name: operator.name,
    };
  },
});
