import { z } from 'zod';
import { STATUSES } from '@/lib/domain/messages/status';
import { floorUuidV7 } from '@/lib/protocol/uuid';
import { MESSAGE_KINDS } from '@/lib/protocol/fact';
import type { MessageFilter } from '@/lib/store/messages/filter';
import type { Call } from '../operation';
import { words } from '@/lib/protocol/strings';
import { scopedTopicIds } from '../scope';

const name = words(255);
const time = z.iso.datetime({ offset: true, error: 'an ISO 8601 time such as 2026-11-21T14:02:11Z' });

/** What a list of messages may be narrowed by. Group, status and error always mean the same delivery. */
export const messageFilter = {
  status: z.array(z.enum(STATUSES)).max(5).default([]),
  topic: name.optional(),
  group: name.optional(),
  type: name.optional(),
  key: words(4_096).optional(),
  service: name.optional(),
  kind: z.enum(MESSAGE_KINDS).optional(),
  error: name.optional(),
  /** From this time on, by when the message was made. */
  from: time.optional(),
  /** Before this time. */
  to: time.optional(),
};

/** Words of a search beside a filter. */
export const searchText = words(2_000);

export type FilterInput = z.output<z.ZodObject<typeof messageFilter>>;

/** A filter that lets everything through; the cluster is the caller's to set. */
export const EMPTY_FILTER: Omit<MessageFilter, 'clusterId'> = {
  statuses: [],
  topicId: null,
  topicIds: null,
  groupId: null,
  type: null,
  key: null,
  service: null,
  kind: null,
  error: null,
  ids: null,
  from: null,
  to: null,
};

/** The filter as the store takes it. Names that nobody knows find nothing, and make no rows. */
export async function filterOf(context: Call, input: FilterInput): Promise<MessageFilter> {
  const { catalog, cluster } = context;
  return {
    clusterId: cluster.id,
    statuses: input.status,
    topicIds: await scopedTopicIds(context),
    topicId: input.topic === undefined ? null : await catalog.findTopic(input.topic),
    groupId: input.group === undefined ? null : await catalog.findGroup(input.group),
    type: input.type ?? null,
    key: input.key ?? null,
    service: input.service ?? null,
    kind: input.kind ?? null,
    error: input.error ?? null,
    ids: null,
    from: input.from === undefined ? null : floorUuidV7(Date.parse(input.from)),
    to: input.to === undefined ? null : floorUuidV7(Date.parse(input.to)),
  };
}
