import { afterEach, describe, expect, inject, it } from 'vitest';
import { tryNow } from '@/lib/operations/workers/try-now';
import { startCourier, type TestCourier } from '@/lib/testing/courier';
import { Runtime } from './runtime';

let courier: TestCourier | undefined;
let runtime: Runtime | undefined;
afterEach(async () => {
  await runtime?.stop();
  await courier?.stop();
});

describe('workers that wait after a failure', () => {
  it(
    'try again at once where a person says so, those of that cluster alone',
    { timeout: 60_000 },
    async () => {
      courier = await startCourier(inject('postgres'), null);
      const { context, operator, databaseUrl } = courier;
      const runs = { here: 0, elsewhere: 0 };
      const failing = (where: keyof typeof runs) => ({
        name: `fails ${where}`,
        run() {
          runs[where] += 1;
          return Promise.reject(new Error('on purpose'));
        },
      });
      const elsewhere = { ...context, cluster: { ...context.cluster, name: 'elsewhere' } };
      runtime = new Runtime(databaseUrl);
      runtime.start(context, [failing('here')]);
      runtime.start(elsewhere, [failing('elsewhere')]);
      // From the fourth try on it waits four seconds and longer.
      await expect
        .poll(() => Math.min(runs.here, runs.elsewhere), { timeout: 20_000 })
        .toBeGreaterThanOrEqual(4);
      const before = { ...runs };
      await tryNow.call(context, operator, {});
      await expect.poll(() => runs.here, { timeout: 2_000, interval: 20 }).toBeGreaterThan(before.here);
      expect(runs.elsewhere).toBe(before.elsewhere);
    },
  );
});
