import { z } from 'zod';
import type { MessageList } from '@/lib/contract/messages';
import { LAST_ID } from '@/lib/store/messages/filter';
import { readFilterNames } from '@/lib/store/messages/list';
import { countIndexed } from '@/lib/store/topics/topics';
import { defineOperation, type Call } from '../operation';
import { notReadNow } from '../workers/not-read';
import { scopedTopicIds, seesOf } from '../scope';
import { messageFilter, searchText, scopeOf } from './filter';
import { pageOf } from './find-rows';

/** A page of messages, newest first. With a group, status is that of the group's own delivery. */
export const listAllMessages = defineOperation({
  name: 'messages.list',
  permission: 'messages.read',
  input: z.strictObject({
    ...messageFilter,
    q: searchText.optional(),
    before: z.uuid({ error: 'the cursor of a page before' }).optional(),
    limit: z.number().int().min(1).max(200).default(50),
  }),
  scope: scopeOf,
  audit: null,
  within: 'narrowed',
  async run(call, input): Promise<MessageList> {
    const [{ rows, next, looked }, { names, ...searched }] = await Promise.all([
      pageOf(call, input, input.before ?? LAST_ID, input.limit),
      about(call),
    ]);
    return { rows, next, names, searched: { ...searched, looked } };
  },
});

/** The names that filters offer, as far as the actor may see what they are of. */
async function namesFor(call: Call): Promise<MessageList['names']> {
  const names = await readFilterNames(call.store, call.cluster.id, await scopedTopicIds(call));
  const sees = seesOf(call.actor);
  return {
    ...names,
    topics: names.topics.filter(sees.topic),
    groups: names.groups.filter(sees.group),
    readers: names.readers.filter(sees.group),
  };
}

/** What a page shows beside its rows: the searched span and the names that filters offer. */
async function about(call: Call) {
  const [names, days, { notIndexed }, notRead] = await Promise.all([
    namesFor(call),
    call.partitions.newestFirst(),
    countIndexed(call.store, call.cluster.id),
    notReadNow(call),
  ]);
  const oldest = days.at(-1);
  return {
    from: oldest ? `${oldest.slice(0, 4)}-${oldest.slice(4, 6)}-${oldest.slice(6)}` : null,
    to: call.now().toISOString(),
    notIndexed,
    notRead,
    names,
  };
}
