import { z } from 'zod';
import { COLUMN_FILTERS, FILTER_NAMES, MESSAGE_FILTER, type FilterName } from '@/lib/contract/message-filter';
import { STATUSES } from '@/lib/domain/messages/status';
import { floorUuidV7 } from '@/lib/protocol/uuid';
import { MESSAGE_KINDS } from '@/lib/protocol/fact';
import type { MessageFilter } from '@/lib/store/messages/filter';
import type { Call, Scope } from '../operation';
import { words } from '@/lib/protocol/strings';
import { readLagNow } from '@/lib/store/lag/read-lag';
import { readIdsFrom } from '@/lib/store/messages/read-ids-from';
import { scopedTopicIds } from '../scope';

const CHECKS = {
  statuses: z.array(z.enum(STATUSES)).max(STATUSES.length).default([]),
  kind: z.enum(MESSAGE_KINDS).optional(),
  name: words(255).optional(),
  text: words(4_096).optional(),
  time: z.iso.datetime({ offset: true, error: 'an ISO 8601 time such as 2026-11-21T14:02:11Z' }).optional(),
};
type Checks = { [Name in FilterName]: (typeof CHECKS)[(typeof MESSAGE_FILTER)[Name]['form']] };

/** What a list of messages may be narrowed by, as the input of an operation. */
export const messageFilter = Object.fromEntries(
  FILTER_NAMES.map((name) => [name, CHECKS[MESSAGE_FILTER[name].form]]),
) as unknown as Checks;

/** Unread messages of a group that a list is of: the newest of each partition. Where there are more, the answer reports it. */
const MAX_UNREAD = 20_000;

/** Words of a search beside a filter. */
export const searchText = words(2_000);

export type FilterInput = z.output<z.ZodObject<typeof messageFilter>>;

/** Topics and groups that a filter names. */
export function scopeOf({ topic, group, unread }: Pick<FilterInput, 'topic' | 'group' | 'unread'>): Scope {
  const groups = [group, unread].filter((name) => name !== undefined);
  return { ...(topic ? { topic } : {}), ...(groups.length > 0 ? { group: groups } : {}) };
}

/** A filter that lets everything through; the cluster is the caller's to set. */
export const EMPTY_FILTER: Omit<MessageFilter, 'clusterId'> = {
  statuses: [],
  topicId: null,
  topicIds: null,
  groupId: null,
  columns: {},
  error: null,
  ids: null,
  areIdsCut: false,
  shapeIds: null,
  from: null,
  to: null,
};

/** Translates a filter for the store. Unknown names match nothing and are not created. */
export async function filterOf(context: Call, input: FilterInput): Promise<MessageFilter> {
  const { catalog, cluster } = context;
  return {
    clusterId: cluster.id,
    statuses: input.status,
    topicIds: await scopedTopicIds(context),
    topicId: input.topic === undefined ? null : await catalog.findTopic(input.topic),
    groupId: input.group === undefined ? null : await catalog.findGroup(input.group),
    columns: Object.fromEntries(
      COLUMN_FILTERS.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
    ),
    error: input.error ?? null,
    ...(await unreadIds(context, input.unread)),
    shapeIds: null,
    from: input.from === undefined ? null : floorUuidV7(Date.parse(input.from)),
    to: input.to === undefined ? null : floorUuidV7(Date.parse(input.to)),
  };
}

/** Ids of messages that a group has not read yet, by its positions; null where no group is given. */
async function unreadIds(
  { store, cluster, catalog }: Call,
  group: string | undefined,
): Promise<Pick<MessageFilter, 'ids' | 'areIdsCut'>> {
  if (group === undefined) return { ids: null, areIdsCut: false };
  const groupId = await catalog.findGroup(group);
  const rows = groupId < 0 ? [] : await readLagNow(store, cluster.id, groupId);
  const places = rows
    .filter((row) => row.judged?.lag !== 0)
    .map(({ topicId, partition, committed, start }) => ({ topicId, partition, from: committed ?? start }));
  return readIdsFrom(store, places, MAX_UNREAD);
}
