import { z } from 'zod';
import { CourierError } from '@/lib/errors';
import { closeUnanswered, decideHeld, endRetries } from '@/lib/store/retries/ledger';
import { defineOperation } from '../operation';

/**
 * Decides about held items of a retry, whose target topic Courier can't search. They are sent again, so that their group
 * may receive them twice, or closed as sent.
 */
export const decideHeldItems = defineOperation({
  name: 'retries.decide-held',
  permission: 'retries.create',
  input: z.strictObject({
    id: z.uuid({ error: 'the id of a retry' }),
    decision: z.enum(['send_again', 'close_as_sent']),
  }),
  scope: () => ({}),
  audit: ({ id, decision }, { items }: { items: number }) => ({
    object: `retry ${id}`,
    detail: { decision, items },
  }),
  async run(call, { id, decision }): Promise<{ items: number }> {
    const items = await decideHeld(call.tx, call.cluster.id, id, decision);
    if (items === 0)
      throw new CourierError(
        'conflict',
        `The retry ${id} holds no items any more. Somebody else decided, or their outcome came.`,
      );
    await endRetries(call.tx);
    return { items };
  },
});

/** Marks items that ended without an answer as closed by a person. A later report still counts. */
export const closeUnansweredItems = defineOperation({
  name: 'retries.close-unanswered',
  permission: 'retries.create',
  input: z.strictObject({ id: z.uuid({ error: 'the id of a retry' }) }),
  scope: () => ({}),
  audit: ({ id }, { items }: { items: number }) => ({ object: `retry ${id}`, detail: { items } }),
  async run(call, { id }): Promise<{ items: number }> {
    const items = await closeUnanswered(call.tx, call.cluster.id, id);
    if (items === 0)
      throw new CourierError(
        'conflict',
        `The retry ${id} has no items without an answer any more. Somebody else closed them, or their answer came.`,
      );
    return { items };
  },
});
