import { z } from 'zod';
import type { RetryView } from '@/lib/contract/retries';
import { CourierError } from '@/lib/errors';
import { countSkipped, countUnanswered, listRetries, readDoubt } from '@/lib/store/retries/list';
import { defineOperation } from '../operation';
import { retryRow } from './list';
import { seesOf } from '../scope';

/** One retry: who asked for it and why, and what became of its items, in numbers that add up. */
export const getRetry = defineOperation({
  name: 'retries.get',
  permission: 'retries.read',
  input: z.strictObject({ id: z.uuid({ error: 'the id of a retry' }) }),
  scope: () => ({}),
  audit: null,
  within: 'narrowed',
  async run(call, { id }): Promise<RetryView> {
    const [[retry], skipped, doubt, unanswered] = await Promise.all([
      listRetries(call.store, call.cluster.id, { id }),
      countSkipped(call.store, id),
      readDoubt(call.store, id),
      countUnanswered(call.store, id),
    ]);
    if (!retry?.groups.every(seesOf(call.actor).group))
      throw new CourierError('not_found', `There is no retry ${id} on ${call.cluster.name}.`);
    return {
      ...retryRow(retry),
      at: call.now().toISOString(),
      targets: retry.targets,
      doubt: doubt && { ...doubt, at: doubt.at.toISOString() },
      skipped,
      unanswered,
    };
  },
});
