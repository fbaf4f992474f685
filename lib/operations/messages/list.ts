import { z } from 'zod';
import type { MessageList, MessageListRow } from '@/lib/domain/views';
import { listMessages, readFilterNames } from '@/lib/store/messages/list';
import { defineOperation, type Call } from '../operation';
import { filterOf, messageFilter, type FilterInput } from './filter';
import { rowsWithDeliveries } from './list-rows';
import { rowsForWords } from './search';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A page of messages, newest first. With a group, status is that of the group's own delivery. */
export const listAllMessages = defineOperation({
  name: 'messages.list',
  permission: 'messages.read',
  input: z.strictObject({
    ...messageFilter,
    /** Words of a search; with them the list is what they find, and has one page. */
    q: z.string().trim().min(1).max(2_000).optional(),
    before: z.uuid({ error: 'the cursor of a page before' }).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  scope: ({ topic, group }) => ({ ...(topic ? { topic } : {}), ...(group ? { group } : {}) }),
  audit: null,
  async run(call, input): Promise<MessageList> {
    const { store, partitions } = call;
    const filter = await filterOf(call, input);
    if (input.q !== undefined) {
      const found = await rowsForWords(call, input.q);
      return {
        rows: found.filter((row) => fits(row, input)).slice(0, input.limit),
        next: null,
        ...(await about(call)),
      };
    }
    // One more than asked for tells whether there is another page.
    const messages = await listMessages(store, partitions, filter, input.before ?? LAST_ID, input.limit + 1);
    const page = messages.slice(0, input.limit);
    const [rows, rest] = await Promise.all([
      rowsWithDeliveries(call, page, input.group ?? null),
      about(call),
    ]);
    return {
      rows,
      next: messages.length > input.limit ? (page.at(-1)?.id ?? null) : null,
      ...rest,
    };
  },
});

/** What a page says beside its rows: what was searched, and which names filters offer. */
async function about(call: Call): Promise<Pick<MessageList, 'searched' | 'names'>> {
  const [names, days] = await Promise.all([
    readFilterNames(call.store, call.cluster.id),
    call.partitions.newestFirst(),
  ]);
  const oldest = days.at(-1);
  return {
    searched: {
      from: oldest ? `${oldest.slice(0, 4)}-${oldest.slice(4, 6)}-${oldest.slice(6)}` : null,
      to: call.now().toISOString(),
    },
    names,
  };
}

/** Whether a row that words found fits the filters beside them too. */
function fits(row: MessageListRow, input: FilterInput): boolean {
  return (
    (input.status.length === 0 || input.status.includes(row.status)) &&
    (input.topic === undefined || row.topic === input.topic) &&
    (input.group === undefined || row.groupNames.includes(input.group)) &&
    (input.type === undefined || row.type === input.type) &&
    (input.key === undefined || row.key === input.key) &&
    (input.service === undefined || row.service === input.service) &&
    (input.error === undefined || row.error?.type === input.error)
  );
}
