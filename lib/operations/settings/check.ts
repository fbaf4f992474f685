import { z } from 'zod';
import type { ConnectionCheck } from '@/lib/contract/clusters';
import { sharedRead } from '@/lib/context/shared-reads';
import { CourierError } from '@/lib/errors';
import { defineOperation, type Call } from '../operation';

/** Tests the connection to a cluster step by step; nothing is changed there. Concurrent callers share one test. */
export const checkConnection = defineOperation({
  name: 'settings.check',
  permission: 'settings.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  run: (call): Promise<ConnectionCheck> => check(call),
});

const check = sharedRead(async (call: Call): Promise<ConnectionCheck> => {
  const test = call.broker.capabilities.checkConnection;
  if (!test)
    throw new CourierError(
      'not_found',
      `The cluster ${call.cluster.name} has no connection to test: its records are in the tracking store.`,
    );
  const began = performance.now();
  const findings = await test();
  return {
    at: call.now().toISOString(),
    cluster: call.cluster.name,
    milliseconds: Math.round(performance.now() - began),
    ...findings,
  };
});
