import { z } from 'zod';
import type { RetryList, RetryListRow } from '@/lib/contract/retries';
import { listRetries, type StoredRetry } from '@/lib/store/retries/list';
import { defineOperation } from '../operation';

/** Retries that run, or that ended, newest first, with what became of their items. */
export const listAllRetries = defineOperation({
  name: 'retries.list',
  permission: 'retries.read',
  input: z.strictObject({
    running: z.boolean().default(true),
    before: z.uuid({ error: 'the cursor of a page before' }).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  scope: () => ({}),
  audit: null,
  async run(call, input): Promise<RetryList> {
    const found = await listRetries(call.store, call.cluster.id, {
      running: input.running,
      before: input.before ?? null,
      limit: input.limit + 1,
    });
    const page = found.slice(0, input.limit);
    return {
      at: call.now().toISOString(),
      rows: page.map(retryRow),
      next: found.length > input.limit ? (page.at(-1)?.id ?? null) : null,
    };
  },
  within: (list, sees) => ({ ...list, rows: list.rows.filter((row) => row.groups.every(sees.group)) }),
});

/** A retry as lists show it. */
export function retryRow(retry: StoredRetry): RetryListRow {
  return {
    id: retry.id,
    operator: retry.operator,
    reason: retry.reason,
    createdAt: retry.createdAt.toISOString(),
    endedAt: retry.endedAt?.toISOString() ?? null,
    groups: retry.groups,
    states: retry.states,
    total: Object.values(retry.states).reduce((sum, count) => sum + count, 0),
  };
}
