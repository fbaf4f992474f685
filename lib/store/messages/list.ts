import { INTERNAL_TOPIC } from '@/lib/protocol/topics';
import { timeOfUuidV7 } from '@/lib/protocol/uuid';
import { dayOf, type PartitionCatalog } from '../schema/partitions';
import { prepared } from '../sql/prepared';
import type { Queryable } from '@/lib/postgres';
import { filterSql, type MessageFilter } from './filter';
import { MESSAGE_COLUMNS, messageOf, type MessageSqlRow, type StoredMessage } from './read-message';

/** Beyond every id: where the first page begins. */
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

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
  // DEFAULT holds ids of any time, so it is merged in rather than walked in turn.
  const stray = await page(store, '_default', filter, before, limit);
  const own = filter.ids && new Set(filter.ids.map((id) => dayOf(timeOfUuidV7(id))));
  for (const day of daysWithin(await partitions.newestFirst(), filter.from, filter.to ?? before)) {
    if (own && !own.has(day)) continue;
    if (found.length >= limit) break;
    found.push(...(await page(store, `_p${day}`, filter, before, limit - found.length)));
  }
  return [...found, ...stray].sort((a, b) => (a.id > b.id ? -1 : 1)).slice(0, limit);
}

/** The days that can hold ids of a range. @param from smallest id, null for the oldest @param to an id beyond the last */
export function daysWithin(days: string[], from: string | null, to: string): string[] {
  const first = from === null ? '' : dayOf(timeOfUuidV7(from));
  const last = to.startsWith('ffffffff') ? '99999999' : dayOf(timeOfUuidV7(to));
  return days.filter((day) => day >= first && day <= last);
}

async function page(
  store: Queryable,
  suffix: string,
  filter: MessageFilter,
  before: string,
  limit: number,
): Promise<StoredMessage[]> {
  const sql = filterSql(filter, suffix, [before, limit]);
  const text = `SELECT ${MESSAGE_COLUMNS} FROM ${sql.from} LEFT JOIN topic t ON t.id = m.topic_id
    WHERE ${sql.id} < $1 AND ${sql.where.join(' AND ')} ORDER BY ${sql.id} DESC LIMIT $2`;
  const { rows } = await store.query<MessageSqlRow>({
    // The page that everybody opens is prepared; what a filter makes of it is planned each time, since each prepared
    // statement keeps its plan in every connection that used it.
    ...(sql.isUnfiltered ? prepared('list', `message${suffix}`) : {}),
    text,
    values: sql.values,
  });
  return rows.map(messageOf);
}

/**
 * Names that filters offer: topics, groups that report outcomes, types and services of messages.
 * @param topicIds topics of whose messages types and services are; null: all
 */
export async function readFilterNames(
  store: Queryable,
  clusterId: number,
  topicIds: number[] | null = null,
): Promise<{ topics: string[]; groups: string[]; types: string[]; services: string[] }> {
  const ask = async (text: string, ...values: unknown[]) =>
    (await store.query<{ name: string }>(text, [clusterId, ...values])).rows.map((row) => row.name);
  const [topics, groups, types, services] = await Promise.all([
    ask(
      'SELECT name FROM topic WHERE cluster_id = $1 AND name !~ $2 AND gone_at IS NULL ORDER BY name LIMIT 500',
      INTERNAL_TOPIC,
    ),
    ask('SELECT name FROM consumer_group WHERE cluster_id = $1 AND reports ORDER BY name LIMIT 500'),
    ask(
      `SELECT DISTINCT y.type AS name FROM message_type y JOIN topic t ON t.id = y.topic_id
       WHERE t.cluster_id = $1 AND ($2::int[] IS NULL OR t.id = ANY($2)) ORDER BY 1 LIMIT 500`,
      topicIds,
    ),
    ask(
      `SELECT DISTINCT y.service AS name FROM message_type y JOIN topic t ON t.id = y.topic_id
       WHERE t.cluster_id = $1 AND y.service <> '' AND ($2::int[] IS NULL OR t.id = ANY($2)) ORDER BY 1 LIMIT 500`,
      topicIds,
    ),
  ]);
  return { topics, groups, types, services };
}
