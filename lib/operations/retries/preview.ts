import type { RetryPreview } from '@/lib/contract/retries';
import { loadRecord, maySend, type LoadedRecord } from '@/lib/engine/records/load-record';
import { mayReceive } from '@/lib/engine/sending/may-receive';
import { whyTooLarge } from '@/lib/engine/sending/too-large';
import { CourierError } from '@/lib/errors';
import { CODEC_NAMES } from '@/lib/protocol/codec-names';
import { readMessage } from '@/lib/store/messages/read-message';
import { inPartitionOf } from '@/lib/store/schema/partitions';
import { defineOperation, type Call } from '../operation';
import { planRetry, type PlannedItem } from './plan';
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
        readMessage(call.store, name('message_read'), call.cluster.id, id),
      ),
    ]);
    if (!message) throw new CourierError('not_found', `There is no message ${id}.`);
    const targets = items.filter((item) => item.skip === null).map((item) => item.targetTopic);
    return {
      at: call.now().toISOString(),
      unread: await unreadTargets(call, targets),
      message: { id: message.id, type: message.type, key: message.key, topic: message.topic },
      body: found ? { from: found.from, position: found.position, size: found.size } : null,
      items: await Promise.all(items.map((item) => viewOf(call, item, found))),
    };
  },
});

/** The copy of the bytes that the item's group may be given; null where there is none. */
async function ownCopy(call: Call, item: PlannedItem): Promise<LoadedRecord | null> {
  const { found } = await loadRecord(call, item.messageId, item.group);
  return found && maySend(found, item) ? found : null;
}

type ItemView = RetryPreview['items'][number];

async function viewOf(call: Call, item: PlannedItem, any: LoadedRecord | null): Promise<ItemView> {
  const { group, targetTopic, alone, others, overwrites, retriedBy, attempts } = item;
  const found = any?.from === 'store' ? await ownCopy(call, item) : any;
  const mayRead = found === null || (await mayReceive(call, group, found));
  // An unknown limit keeps no retry from being tried.
  const tooLarge = found && (await whyTooLarge(call, item, found).catch(() => null));
  const why = !mayRead ? 'owner_may_not_read' : !found ? 'no_body' : tooLarge ? 'too_large' : null;
  return {
    group,
    targetTopic,
    alone,
    others,
    skip: item.skip ?? why,
    overwrites,
    size: tooLarge && { ...tooLarge, codec: CODEC_NAMES[tooLarge.codec] ?? 'none' },
    retriedBy: retriedBy && { operator: retriedBy.operator, at: retriedBy.at.toISOString() },
    attempts,
  };
}
