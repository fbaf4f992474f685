import { z } from 'zod';
import { foldName } from '@/lib/domain/operators/name';
import { CourierError } from '@/lib/errors';
import { writeAudit } from '@/lib/store/audit/entries';
import { forgetAttemptsOfDevice, takeBackAttempt } from '@/lib/store/operators/attempts';
import { findOperator } from '@/lib/store/operators/operators';
import { beginSession } from '@/lib/store/operators/sessions';
import { checkPassword } from '../operators/hash-password';
import { defineOperation } from '../operation';
import { admitGuess, hashing, knownDevice, refused, withDevice } from './admission';
import { anyText, text, words } from '@/lib/protocol/strings';

/** Signs an operator in. Wrong names and wrong passwords take as long and read the same. */
export const signIn = defineOperation({
  name: 'sessions.sign-in',
  permission: 'public',
  input: z.strictObject({
    name: words(200),
    password: text(1_000),
    address: anyText(200),
    /** The cookie of devices on which an operator signed in before. */
    devices: anyText(2_000).optional(),
    /** Aborts when the client is gone. */
    signal: z.instanceof(AbortSignal).optional(),
  }),
  scope: () => ({}),
  // The password check must not hold a transaction open, so the entry is written below.
  audit: null,
  async run(call, input): Promise<{ token: string; name: string; devices: string }> {
    const { store, settings, cluster, installation } = call;
    const account = foldName(input.name);
    const signal = input.signal ?? new AbortController().signal;
    const operator = await findOperator(store, account);
    const device = operator ? knownDevice(installation.secret, operator.id, input.devices) : null;
    const { address } = input;
    const { attempt, rank } = await admitGuess(call, { account, address, device, signal });
    const checked = await hashing.run({ key: device ?? address, rank, signal }, () =>
      checkPassword(input.password, operator?.passwordHash ?? ''),
    );
    if ('refusal' in checked) {
      await takeBackAttempt(store, attempt);
      throw refused(checked.refusal);
    }
    const entry = {
      operatorId: operator?.id ?? null,
      operatorName: operator?.name ?? input.name,
      operation: 'sessions.sign-in',
      clusterId: cluster.id,
      object: null,
      reason: null,
    };
    if (!operator || !checked.result) {
      await writeAudit(store, { ...entry, outcome: 'refused', detail: { address } });
      throw new CourierError('wrong_credentials', 'Name or password is wrong.');
    }
    await takeBackAttempt(store, attempt);
    if (device !== null) await forgetAttemptsOfDevice(store, device);
    await writeAudit(store, { ...entry, outcome: 'done', detail: { address } });
    return {
      token: await beginSession(store, operator.id, settings.COURIER_SESSION_HOURS),
      name: operator.name,
      devices: withDevice(installation.secret, operator.id, input.devices),
    };
  },
});
