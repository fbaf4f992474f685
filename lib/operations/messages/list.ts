import { z } from 'zod';
import { STATUSES } from '@/lib/domain/status';
import type { MessageList } from '@/lib/domain/views';
import { listMessages, readFilterNames } from '@/lib/store/messages/list';
import { defineOperation } from '../operation';
import { rowsWithDeliveries } from './list-rows';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const name = z.string().trim().min(1).max(255);

/** A page of messages, newest first. With a group, status is that of the group's own delivery. */
export const listAllMessages = defineOperation({
  name: 'messages.list',
  permission: 'messages.read',
  input: z.strictObject({
    status: z.array(z.enum(STATUSES)).max(5).default([]),
    topic: name.optional(),
    group: name.optional(),
    type: name.optional(),
    key: name.optional(),
    before: z.uuid({ error: 'the cursor of a page before' }).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  scope: ({ topic, group }) => ({ ...(topic ? { topic } : {}), ...(group ? { group } : {}) }),
  audit: null,
  async run(call, input): Promise<MessageList> {
    const { store, catalog, partitions, cluster } = call;
    const filter = {
      clusterId: cluster.id,
      statuses: input.status,
      topicId: input.topic === undefined ? null : await catalog.findTopic(input.topic),
      groupId: input.group === undefined ? null : await catalog.findGroup(input.group),
      type: input.type ?? null,
      key: input.key ?? null,
    };
    // One more than asked for tells whether there is another page.
    const messages = await listMessages(store, partitions, filter, input.before ?? LAST_ID, input.limit + 1);
    const page = messages.slice(0, input.limit);
    const [rows, names, days] = await Promise.all([
      rowsWithDeliveries(call, page, input.group ?? null),
      readFilterNames(store, cluster.id),
      partitions.newestFirst(),
    ]);
    const oldest = days.at(-1);
    return {
      rows,
      next: messages.length > input.limit ? (page.at(-1)?.id ?? null) : null,
      searched: {
        from: oldest ? `${oldest.slice(0, 4)}-${oldest.slice(4, 6)}-${oldest.slice(6)}` : null,
        to: call.now().toISOString(),
      },
      names,
    };
  },
});
