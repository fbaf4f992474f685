import type { RetryPreview } from '@/lib/contract/retries';
import { loadRecord } from '@/lib/engine/records/load-record';
import { mayReceive } from '@/lib/engine/sending/may-receive';
import { CourierError } from '@/lib/errors';
import { readMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/schema/partitions';
import { defineOperation } from '../operation';
import { planRetry } from './plan';
import { deliveriesOfMessage } from './selection';
import { unreadTargets } from './unread-targets';

/** The dry run of a retry of one message: what will be sent where and who will see it. Changes nothing. */
export const previewRetry = defineOperation({
  name: 'retries.preview',
  permission: 'retries.read',
  input: deliveriesOfMessage,
  scope: ({ groups }) => ({ group: groups }),
  audit: null,
  async run(call, input): Promise<RetryPreview> {
    const id = input.messageId;
    const [{ items }, { found }, message] = await Promise.all([
      planRetry(call, input),
      loadRecord(call, id),
      inPartitionOf(call.partitions, id, (name) =>
        readMessage(call.store, name('message'), call.cluster.id, id),
      ),
    ]);
    if (!message) throw new CourierError('not_found', `There is no message ${id}.`);
    const targets = items.filter((item) => item.skip === null).map((item) => item.targetTopic);
    const forbidden = new Set<string>();
    for (const { group } of items) if (found && !(await mayReceive(call, group, found))) forbidden.add(group);
    return {
      at: call.now().toISOString(),
      unread: await unreadTargets(call, targets),
      message: { id: message.id, type: message.type, key: message.key, topic: message.topic },
      body: found ? { from: found.from, position: found.position, size: found.size } : null,
      items: items.map((item) => ({
        group: item.group,
        targetTopic: item.targetTopic,
        alone: item.alone,
        others: item.others,
        skip: item.skip ?? (forbidden.has(item.group) ? 'owner_may_not_read' : found ? null : 'no_body'),
        retriedBy: item.retriedBy && {
          operator: item.retriedBy.operator,
          at: item.retriedBy.at.toISOString(),
        },
        attempts: item.attempts,
      })),
    };
  },
});
