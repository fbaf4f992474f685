import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AcceptedRetry } from '@/lib/contract/retries';
import { storable } from '@/lib/protocol/text';
import { newUuidV7 } from '@/lib/protocol/uuid';
import { CourierError } from '@/lib/errors';
import { beginRetryEpisode } from '@/lib/store/episodes/retries';
import { findRetryByKey, insertItem, insertRetry } from '@/lib/store/retries/accept';
import { endRetries } from '@/lib/store/retries/ledger';
import { anyText, reason, text } from '@/lib/protocol/strings';
import { defineOperation } from '../operation';
import { planRetry, type PlannedItem, type RetryPlan } from './plan';
import { groupsOf, selectedDeliveries } from './selection';

/**
 * Accepts a retry of deliveries that fail. The retry, its items and its audit entry are one transaction; only what is
 * written there will be sent, and a worker sends it.
 */
export const createRetry = defineOperation({
  name: 'retries.create',
  permission: 'retries.create',
  input: z.strictObject({
    selected: selectedDeliveries,
    reason: reason.optional(),
    /** Other groups that will see messages again and that the person agreed to. Any further group is a conflict. */
    acceptOthers: z.array(anyText(255)).max(1_000).default([]),
    /** Compacted topics on which older records may become the newest of their key. */
    overwrite: z.array(text(249)).max(100).default([]),
    /** The time of the records that are sent: that of the send, or the one that they had. */
    recordTime: z.enum(['now', 'kept']).default('now'),
    idempotencyKey: text(200).min(8).optional(),
  }),
  scope: ({ selected }) => ({ group: groupsOf(selected) }),
  audit: ({ selected, ...input }, result: AcceptedRetry) =>
    result.repeated
      ? null
      : {
          object:
            'messageId' in selected
              ? `message ${selected.messageId}`
              : `${result.open} messages to ${selected.group}`,
          reason: input.reason ?? null,
          detail:
            'messageId' in selected
              ? { retry: result.id, groups: selected.groups, items: result.items, overwrite: input.overwrite }
              : { retry: result.id, selected, overwrite: input.overwrite },
        },
  /** Null for a request that was accepted before: its plan is of no use. */
  async prepare(context, actor, { selected, overwrite, idempotencyKey }): Promise<RetryPlan | null> {
    const isRepeated =
      idempotencyKey !== undefined &&
      (await findRetryByKey(context.store, actor.id, idempotencyKey)) !== null;
    return isRepeated ? null : planRetry(context, selected, overwrite);
  },
  async run(call, { idempotencyKey, ...request }, prepared): Promise<AcceptedRetry> {
    const { selected } = request;
    const requestSha256 = createHash('sha256').update(JSON.stringify(request)).digest();
    const id = newUuidV7(call.now().getTime());
    const before = await insertRetry(call.tx, {
      id,
      kind: 'retry',
      clusterId: call.cluster.id,
      operatorId: call.actor.id,
      operatorName: call.actor.name,
      reason: request.reason ? storable(request.reason, 4_000) : null,
      selection: selected,
      idempotencyKey: idempotencyKey ?? null,
      requestSha256,
      keepsTime: request.recordTime === 'kept',
    });
    if (before) {
      if (before.requestSha256.equals(requestSha256))
        return { id: before.id, repeated: true, selected: 0, open: 0, items: {} };
      throw new CourierError(
        'idempotency_mismatch',
        `The Idempotency-Key ${idempotencyKey ?? ''} was used for another request. Use a new key for a new retry.`,
      );
    }
    const { items } = prepared ?? (await planRetry(call, selected, request.overwrite));
    if (items.length === 0) {
      const groups = groupsOf(selected).join(', ');
      throw new CourierError('not_found', `None of the selected messages has a delivery to ${groups}.`);
    }
    requireAgreed(items, request.acceptOthers);
    // Names of groups come from outside: `__proto__` is one like any other.
    const states = new Map<string, string>();
    let open = 0;
    for (const item of items) {
      const state = await insertItem(call.tx, {
        retryId: id,
        clusterId: call.cluster.id,
        messageId: item.messageId,
        groupId: item.groupId,
        generation: item.generation,
        courierRetryId: item.courierRetryId,
        targetTopic: item.targetTopic,
        targetPartition: null,
        state: item.skip ? 'SKIPPED' : 'PENDING',
        reason: item.skip,
        body: null,
      });
      if (state === 'PENDING') open += 1;
      if ('messageId' in selected) states.set(item.group, state);
    }
    const groups = [...new Set(items.map(({ group }) => group))];
    const begun = { id, operator: call.actor.name, groups, selected: items.length };
    await beginRetryEpisode(call.tx, call.cluster.id, begun, call.now());
    await endRetries(call.tx);
    return { id, repeated: false, selected: items.length, open, items: Object.fromEntries(states) };
  },
});

/** @throws CourierError conflict if further groups would see messages again */
function requireAgreed(items: readonly PlannedItem[], acceptOthers: readonly string[]): void {
  const surprised = [...new Set(items.flatMap((item) => item.others))].filter(
    (group) => !acceptOthers.includes(group),
  );
  if (surprised.length === 0) return;
  const what = items.length === 1 ? 'the message' : 'these messages';
  throw new CourierError(
    'conflict',
    `${surprised.join(', ')} will see ${what} again, which was not agreed to. Look at the dry run again.`,
    { others: surprised },
  );
}
