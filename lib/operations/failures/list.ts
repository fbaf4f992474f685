import type { Context } from '@/lib/context/context';
import { z } from 'zod';
import type { FailureList } from '@/lib/contract/failures';
import { ownFrame } from '@/lib/domain/failures/stack';
import { readStacks } from '@/lib/store/failures/stacks';
import { defineOperation } from '../operation';
import { sharedRead } from '@/lib/context/shared-reads';
import { failuresWithin, readFailing, TREND_STEP_SECONDS, trendBegin } from './rows';

/** What fails now with the frame that it fails in: what gave up first, then the newest. */
const failuresWithFrames = sharedRead(async (context: Context) => {
  const { at, rows } = await readFailing(context);
  const deliveries = await Promise.all(
    rows.map(async ({ newest, group }) => ({
      messageId: newest,
      groupId: await context.catalog.findGroup(group),
    })),
  );
  const stacks = await readStacks(context.store, context.partitions, deliveries);
  return {
    at,
    rows: rows
      .map((row, index) => ({ ...row, frame: ownFrame(stacks[index] ?? '') }))
      .sort((a, b) => Number(b.gaveUp > 0) - Number(a.gaveUp > 0) || (a.firstAt > b.firstAt ? -1 : 1)),
  };
});

/** What fails now, by group, message type and error type. */
export const listFailures = defineOperation({
  name: 'failures.list',
  permission: 'messages.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<FailureList> {
    const { at, rows } = await failuresWithFrames(call);
    return {
      at: at.toISOString(),
      rows,
      trendFrom: trendBegin(at).toISOString(),
      trendStepSeconds: TREND_STEP_SECONDS,
    };
  },
  within: (list, sees) => ({ ...list, rows: failuresWithin(list.rows, sees) }),
});
