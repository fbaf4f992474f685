import type { Status } from '@/lib/domain/status';
import type { PartitionCatalog } from '@/lib/store/partitions';
import type { Queryable } from '@/lib/postgres';
import { MESSAGE_COLUMNS, messageOf, type MessageSqlRow, type StoredMessage } from './read-message';

export interface MessageFilter {
  clusterId: number;
  statuses: Status[];
  topicId: number | null;
  /** With a group, status means the status of that group's delivery. */
  groupId: number | null;
  type: string | null;
  key: string | null;
}

/**
 * A page of messages, newest first, before an id. Partitions are walked from the newest until the page is full, each
 * with a query of its own, which no statistics can turn into a scan of all of them.
 */
export async function listMessages(
  store: Queryable,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  before: string,
  limit: number,
): Promise<StoredMessage[]> {
  const found: StoredMessage[] = [];
  const days = await partitions.newestFirst();
  // DEFAULT holds ids of any time, so it is merged in rather than walked in turn.
  const stray = await page(store, '_default', filter, before, limit);
  for (const day of days) {
    if (found.length >= limit) break;
    found.push(...(await page(store, `_p${day}`, filter, before, limit - found.length)));
  }
  return [...found, ...stray].sort((a, b) => (a.id > b.id ? -1 : 1)).slice(0, limit);
}

async function page(
  store: Queryable,
  suffix: string,
  filter: MessageFilter,
  before: string,
  limit: number,
): Promise<StoredMessage[]> {
  const values: unknown[] = [filter.clusterId, before, limit];
  const add = (value: unknown) => `$${values.push(value)}`;
  const where: string[] = [];
  let from = `message${suffix} m`;
  if (filter.groupId !== null) {
    from += ` JOIN delivery${suffix} d ON d.message_id = m.id AND d.group_id = ${add(filter.groupId)}`;
  }
  const status = filter.groupId === null ? 'm.status' : 'd.status';
  const order = filter.groupId === null ? 'm.id' : 'd.message_id';
  where.push(`${order} < $2`);
  if (filter.statuses.length > 0) where.push(`${status} = ANY(${add(filter.statuses)})`);
  if (filter.topicId !== null) where.push(`m.topic_id = ${add(filter.topicId)}`);
  if (filter.type !== null) where.push(`m.type = ${add(filter.type)}`);
  if (filter.key !== null) where.push(`m.key = ${add(filter.key)}`);
  const text = `SELECT ${MESSAGE_COLUMNS} FROM ${from} LEFT JOIN topic t ON t.id = m.topic_id
    WHERE m.cluster_id = $1 AND ${where.join(' AND ')} ORDER BY ${order} DESC LIMIT $3`;
  const { rows } = await store.query<MessageSqlRow>({
    name: `list ${suffix} ${nameOf(filter)}`,
    text,
    values,
  });
  return rows.map(messageOf);
}

/** Tells apart the few shapes of the statement, since a prepared name must always mean one text. */
function nameOf(filter: MessageFilter): string {
  return [
    filter.groupId !== null,
    filter.statuses.length > 0,
    filter.topicId !== null,
    filter.type !== null,
    filter.key !== null,
  ]
    .map(Number)
    .join('');
}

/** Names that filters offer: topics that have messages, their types, groups that have deliveries. */
export async function readFilterNames(
  store: Queryable,
  clusterId: number,
): Promise<{ topics: string[]; groups: string[] }> {
  const topics = await store.query<{ name: string }>(
    `SELECT name FROM topic WHERE cluster_id = $1 AND name !~ '^(courier\\.|__)' ORDER BY name LIMIT 500`,
    [clusterId],
  );
  const groups = await store.query<{ name: string }>(
    'SELECT name FROM consumer_group WHERE cluster_id = $1 AND reports ORDER BY name LIMIT 500',
    [clusterId],
  );
  return { topics: topics.rows.map((row) => row.name), groups: groups.rows.map((row) => row.name) };
}
