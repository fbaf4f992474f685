import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { storable } from '@/lib/protocol/text';
import { uuidV7From } from '@/lib/protocol/uuid';
import { CourierError } from '@/lib/errors';
import { insertItem, insertRetry } from '@/lib/store/retries/accept';
import { endRetries } from '@/lib/store/retries/ledger';
import { messageId } from '@/lib/protocol/fact-schema';
import { defineOperation } from '../operation';
import { planRetry } from './plan';
import { anyText, reason, text } from '@/lib/protocol/strings';

export interface AcceptedRetry {
  id: string;
  /** Whether this very request was accepted before. */
  repeated: boolean;
  /** State of each group's item. */
  items: Record<string, string>;
}

/**
 * Accepts a retry of one message to groups that failed on it. The retry, its items and its audit entry are one
 * transaction; only what is written there will be sent, and a worker sends it.
 */
export const createRetry = defineOperation({
  name: 'retries.create',
  permission: 'retries.create',
  input: z.strictObject({
    messageId,
    groups: z.array(text(255)).min(1).max(100),
    reason: reason.optional(),
    /** Groups beside the chosen ones that the person was told will see it again. More than these is a conflict. */
    acceptOthers: z.array(anyText(255)).max(1_000).default([]),
    idempotencyKey: text(200).min(8).optional(),
  }),
  scope: ({ groups }) => ({ group: groups }),
  audit: (input, result: AcceptedRetry) =>
    result.repeated
      ? null
      : {
          object: `message ${input.messageId}`,
          reason: input.reason ?? null,
          detail: { retry: result.id, groups: input.groups, items: result.items },
        },
  async run(call, input): Promise<AcceptedRetry> {
    const { idempotencyKey, ...request } = input;
    const requestSha256 = createHash('sha256').update(JSON.stringify(request)).digest();
    const id = uuidV7From(call.now().getTime(), randomBytes(10));
    const before = await insertRetry(call.tx, {
      id,
      clusterId: call.cluster.id,
      operatorId: call.actor.id,
      operatorName: call.actor.name,
      reason: input.reason ? storable(input.reason, 4_000) : null,
      selection: { messageId: input.messageId, groups: input.groups },
      idempotencyKey: idempotencyKey ?? null,
      requestSha256,
    });
    if (before) {
      if (!before.requestSha256.equals(requestSha256)) {
        throw new CourierError(
          'idempotency_mismatch',
          `The Idempotency-Key ${idempotencyKey ?? ''} was used for another request. Use a new key for a new retry.`,
        );
      }
      return { id: before.id, repeated: true, items: {} };
    }
    const { items } = await planRetry(call, input.messageId, input.groups);
    const surprised = [...new Set(items.flatMap((item) => item.others))].filter(
      (group) => !input.acceptOthers.includes(group),
    );
    if (surprised.length > 0) {
      throw new CourierError(
        'conflict',
        `${surprised.join(', ')} will see the message again, which was not agreed to. Look at the dry run again.`,
        { others: surprised },
      );
    }
    // Names of groups come from outside: `__proto__` is one like any other.
    const states = new Map<string, string>();
    for (const item of items) {
      const state = await insertItem(call.tx, {
        retryId: id,
        clusterId: call.cluster.id,
        messageId: input.messageId,
        groupId: item.delivery.groupId,
        generation: item.generation,
        courierRetryId: item.courierRetryId,
        targetTopic: item.targetTopic,
        state: item.skip ? 'SKIPPED' : 'PENDING',
        reason: item.skip,
      });
      states.set(item.delivery.group, state);
    }
    await endRetries(call.tx);
    return { id, repeated: false, items: Object.fromEntries(states) };
  },
});
