import { z } from 'zod';
import { messageId } from '@/lib/protocol/fact-schema';
import { loadRecord } from '@/lib/engine/records/load-record';
import { defineOperation } from '../operation';
import { mayReceive } from '@/lib/engine/sending/may-receive';
import { planRetry } from './plan';
import { text } from '@/lib/protocol/strings';
import { unreadTargets } from './unread-targets';

/** The dry run of a retry: what will be sent where and who will see it. Changes nothing. */
export const previewRetry = defineOperation({
  name: 'retries.preview',
  permission: 'retries.read',
  input: z.strictObject({ messageId, groups: z.array(text(255)).min(1).max(100) }),
  scope: ({ groups }) => ({ group: groups }),
  audit: null,
  async run(call, input) {
    const [{ message, items }, body] = await Promise.all([
      planRetry(call, input.messageId, input.groups),
      loadRecord(call, input.messageId),
    ]);
    const targets = items.filter((item) => item.skip === null).map((item) => item.targetTopic);
    const { found } = body;
    const forbidden = new Set<string>();
    for (const { delivery } of items)
      if (found && !(await mayReceive(call, delivery.group, found))) forbidden.add(delivery.group);
    return {
      at: call.now().toISOString(),
      unread: await unreadTargets(call, targets),
      message: { id: message.id, type: message.type, key: message.key, topic: message.topic },
      body: body.found
        ? { from: body.found.from, position: body.found.position, size: body.found.size }
        : null,
      items: items.map((item) => ({
        group: item.delivery.group,
        targetTopic: item.targetTopic,
        others: item.others,
        skip:
          item.skip ??
          (forbidden.has(item.delivery.group) ? ('owner_may_not_read' as const) : found ? null : 'no_body'),
        retriedBy: item.retriedBy && {
          operator: item.retriedBy.operator,
          at: item.retriedBy.at.toISOString(),
        },
        attempts: item.delivery.attempts,
      })),
    };
  },
});
