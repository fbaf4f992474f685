import { z } from 'zod';
import type { FailureList } from '@/lib/domain/failure-views';
import { defineOperation } from '../operation';
import { failuresNow, TREND_STEP_SECONDS, trendBegin } from './rows';

/** What fails now, by group, message type and error type: what gave up first, then the newest. */
export const listFailures = defineOperation({
  name: 'failures.list',
  permission: 'messages.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<FailureList> {
    const rows = await failuresNow(call);
    const sorted = rows.toSorted(
      (a, b) => Number(b.gaveUp > 0) - Number(a.gaveUp > 0) || (a.firstAt > b.firstAt ? -1 : 1),
    );
    return {
      at: call.now().toISOString(),
      rows: sorted,
      trendFrom: trendBegin(call.now()).toISOString(),
      trendStepSeconds: TREND_STEP_SECONDS,
    };
  },
});
