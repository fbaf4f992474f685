import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { storable } from '@/lib/protocol/text';
import { uuidV7From } from '@/lib/protocol/uuid';
import { CourierError } from '@/lib/errors';
import { insertItem, insertRetry } from '@/lib/store/retries/accept';
import { endRetries } from '@/lib/store/retries/ledger';
import { defineOperation } from '../operation';
import { planMany } from './plan-many';
import { deliveriesSelected } from './selection';
import { anyText, reason, text } from '@/lib/protocol/strings';

export interface AcceptedMany {
  id: string;
  /** Whether this very request was accepted before. */
  repeated: boolean;
  selected: number;
  open: number;
}

/**
 * Accepts a retry of many deliveries of one group. As with one message, the retry, its items and its audit entry are one
 * transaction, and a worker sends what is written there.
 */
export const createRetryOfMany = defineOperation({
  name: 'retries.create-many',
  permission: 'retries.create',
  input: z.strictObject({
    selected: deliveriesSelected,
    reason: reason.optional(),
    acceptOthers: z.array(anyText(255)).max(1_000).default([]),
    idempotencyKey: text(200).min(8).optional(),
  }),
  scope: ({ selected }) => ({ group: selected.group }),
  audit: (input, result: AcceptedMany) =>
    result.repeated
      ? null
      : {
          object: `${result.open} messages to ${input.selected.group}`,
          reason: input.reason ?? null,
          detail: { retry: result.id, selected: input.selected },
        },
  async run(call, input): Promise<AcceptedMany> {
    const { idempotencyKey, ...request } = input;
    const requestSha256 = createHash('sha256').update(JSON.stringify(request)).digest();
    const id = uuidV7From(call.now().getTime(), randomBytes(10));
    const before = await insertRetry(call.tx, {
      id,
      clusterId: call.cluster.id,
      operatorId: call.actor.id,
      operatorName: call.actor.name,
      reason: input.reason ? storable(input.reason, 4_000) : null,
      selection: input.selected,
      idempotencyKey: idempotencyKey ?? null,
      requestSha256,
    });
    if (before) {
      if (before.requestSha256.equals(requestSha256)) {
        return { id: before.id, repeated: true, selected: 0, open: 0 };
      }
      throw new CourierError(
        'idempotency_mismatch',
        `The Idempotency-Key ${idempotencyKey ?? ''} was used for another request. Use a new key for a new retry.`,
      );
    }
    const plan = await planMany(call, input.selected);
    if (plan.items.length === 0) {
      throw new CourierError('not_found', `None of the selected messages has a delivery to ${plan.group}.`);
    }
    const surprised = [...new Set(plan.items.flatMap((item) => item.others))].filter(
      (group) => !input.acceptOthers.includes(group),
    );
    if (surprised.length > 0) {
      throw new CourierError(
        'conflict',
        `${surprised.join(', ')} will see these messages again, which was not agreed to. Look at the dry run again.`,
        { others: surprised },
      );
    }
    let open = 0;
    for (const item of plan.items) {
      const state = await insertItem(call.tx, {
        retryId: id,
        clusterId: call.cluster.id,
        messageId: item.messageId,
        groupId: plan.groupId,
        generation: item.generation,
        courierRetryId: item.courierRetryId,
        targetTopic: item.targetTopic,
        state: item.skip ? 'SKIPPED' : 'PENDING',
        reason: item.skip,
      });
      if (state === 'PENDING') open += 1;
    }
    await endRetries(call.tx);
    return { id, repeated: false, selected: plan.items.length, open };
  },
});
