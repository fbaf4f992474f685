import { sentPositionOf } from '@/lib/domain/retries/sent-position';
import { z } from 'zod';
import { ITEM_STATES } from '@/lib/domain/retries/retry';
import type { RetryItemRow } from '@/lib/contract/retries';
import { listItems } from '@/lib/store/retries/list';
import { defineOperation } from '../operation';
import { format } from '@/lib/protocol/strings';

/** A page of a retry's items. */
export const listRetryItems = defineOperation({
  name: 'retries.items',
  permission: 'retries.read',
  input: z.strictObject({
    id: z.uuid({ error: 'the id of a retry' }),
    states: z.array(z.enum(ITEM_STATES)).max(ITEM_STATES.length).default([]),
    after: format(/^\d{1,18}$/, 'the number of an item').default('0'),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  scope: () => ({}),
  audit: null,
  async run(call, input): Promise<{ rows: RetryItemRow[]; next: string | null }> {
    const found = await listItems(
      call.store,
      call.cluster.id,
      input.id,
      input.states,
      input.after,
      input.limit + 1,
    );
    const page = found.slice(0, input.limit);
    return {
      next: found.length > input.limit ? (page.at(-1)?.id ?? null) : null,
      rows: page.map((item) => ({
        itemId: item.id,
        messageId: item.messageId,
        group: item.group,
        state: item.state,
        reason: item.reason,
        type: item.type,
        key: item.key,
        error: item.errorType === null ? null : { type: item.errorType, message: item.errorMessage ?? '' },
        host: item.host,
        release: item.release,
        sentAt: item.sentAt?.toISOString() ?? null,
        sentPosition: sentPositionOf(item),
        endedAt: item.endedAt?.toISOString() ?? null,
      })),
    };
  },
  within: (list, sees) => ({ ...list, rows: list.rows.filter((row) => sees.group(row.group)) }),
});
