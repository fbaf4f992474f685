import { z } from 'zod';
import { notifyWorkers } from '@/lib/store/workers/wake';
import { defineOperation } from '../operation';

/** Lets the workers of a cluster that wait after a failure try again at once. Those that work go on as they do. */
export const tryNow = defineOperation({
  name: 'workers.try-now',
  permission: 'workers.wake',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: () => ({ object: null }),
  async run({ tx, cluster }) {
    await notifyWorkers(tx, cluster.name);
    return {};
  },
});
