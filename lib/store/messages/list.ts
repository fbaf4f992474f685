import { INTERNAL_TOPIC } from '@/lib/protocol/topics';
import { floorUuidV7, timeOfUuidV7 } from '@/lib/protocol/uuid';
import type { Queryable } from '@/lib/postgres';
import { listFormerIds } from '../former/list-ids';
import { dayOf, type PartitionCatalog } from '../schema/partitions';
import { prepared } from '../sql/prepared';
import { isCounted, newestMinutes } from './counted-minutes';
import { FIRST_ID, LAST_ID, type MessageFilter } from './filter';
import { readMessages, type StoredMessage } from './read-message';
import { selectIds, sourceOf } from './select-ids';
import { readShapes, type ShapeFilter } from './shape-filter';

const MINUTE_MS = 60_000;

/** A page of messages, newest first, before an id. */
export async function listMessages(
  store: Queryable,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  before: string,
  limit: number,
): Promise<StoredMessage[]> {
  const ids = await listIds(store, partitions, filter, before, limit);
  return readMessages(store, partitions, filter.clusterId, ids);
}

/** Ids of the newest messages of a filter before an id. */
export async function listIds(
  store: Queryable,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  before: string,
  limit: number,
): Promise<string[]> {
  const shapes = await readShapes(store, filter);
  const to = filter.to !== null && filter.to < before ? filter.to : before;
  const range = [filter.from ?? FIRST_ID, to] as const;
  const [found, former] = await Promise.all([
    needsMinutes(filter, shapes)
      ? byMinutes(store, partitions, filter, shapes, range, limit)
      : byDays(store, partitions, filter, shapes, range, limit),
    listFormerIds(store, partitions, filter, range, limit),
  ]);
  return [...new Set([...found, ...former])].sort().reverse().slice(0, limit);
}

/** Whether no index has a filter's ids together, but the counts have the minutes in which they can be. */
function needsMinutes(filter: MessageFilter, shapes: ShapeFilter): boolean {
  const source = sourceOf(filter);
  if (source === 'group') return shapes.overflow.length === 0;
  if (!isCounted(filter, shapes)) return false;
  if (shapes.ids !== null || filter.topicIds !== null) return true;
  return filter.statuses.length > 0 && (source === 'all' || source === 'topic');
}

/**
 * Days are walked from the newest until the page is full, each with a query of its own, which no statistics can turn into
 * a scan of all of them.
 */
async function byDays(
  store: Queryable,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  shapes: ShapeFilter,
  [from, to]: readonly [string, string],
  limit: number,
): Promise<string[]> {
  // DEFAULT holds ids of any time, so it is merged in rather than walked in turn.
  const stray = await idsOf(store, '_default', filter, shapes, [[from, to]], limit);
  const own = filter.ids && new Set(filter.ids.map((id) => dayOf(timeOfUuidV7(id))));
  const found: string[] = [];
  for (const day of daysWithin(await partitions.newestFirst(), from === FIRST_ID ? null : from, to)) {
    if (own && !own.has(day)) continue;
    if (found.length >= limit) break;
    found.push(...(await idsOf(store, `_p${day}`, filter, shapes, [[from, to]], limit - found.length)));
  }
  return [...found, ...stray];
}

/** Only the minutes are read that count something of the filter, newest first. */
async function byMinutes(
  store: Queryable,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  shapes: ShapeFilter,
  [from, to]: readonly [string, string],
  limit: number,
): Promise<string[]> {
  const days = new Set(await partitions.newestFirst());
  const found: string[] = [];
  const start = from === FIRST_ID ? null : new Date(Math.floor(timeOfUuidV7(from) / MINUTE_MS) * MINUTE_MS);
  let before = to === LAST_ID ? null : new Date(timeOfUuidV7(to));
  for (;;) {
    const { minutes, until } = await newestMinutes(
      store,
      filter,
      shapes,
      start,
      before,
      limit - found.length,
    );
    const ranges = new Map<string, [string, string][]>();
    // Of the first minute, what is at the page's end may be on the page before.
    let sure = 0;
    let used: Date | null = null;
    let isCut = false;
    for (const [at, { minute, count }] of minutes.entries()) {
      if (found.length + sure >= limit) {
        isCut = true;
        break;
      }
      if (at > 0) sure += count;
      used = minute;
      const low = floorUuidV7(minute.getTime());
      const high = floorUuidV7(minute.getTime() + MINUTE_MS);
      const suffix = days.has(dayOf(minute.getTime())) ? `_p${dayOf(minute.getTime())}` : '_default';
      const range: [string, string] = [low < from ? from : low, high > to ? to : high];
      ranges.set(suffix, [...(ranges.get(suffix) ?? []), range]);
    }
    for (const [suffix, some] of ranges)
      found.push(...(await idsOf(store, suffix, filter, shapes, some, limit)));
    if (until === null || found.length >= limit) return found;
    // Not every message that a minute counts need be of the filter.
    before = new Date((isCut && used ? used : until).getTime() - 1);
  }
}

async function idsOf(
  store: Queryable,
  suffix: string,
  filter: MessageFilter,
  shapes: ShapeFilter,
  ranges: readonly (readonly [string, string])[],
  limit: number,
): Promise<string[]> {
  const { source, text, values } = selectIds(filter, shapes, suffix, ranges, limit);
  const kind = shapes.overflow.length > 0 ? {} : prepared(`ids of ${source}`, `message${suffix}`);
  const { rows } = await store.query<{ id: string }>({ ...kind, text, values });
  return rows.map((row) => row.id);
}

/** The days that can hold ids of a range. @param from smallest id, null for the oldest @param to an id beyond the last */
export function daysWithin(days: string[], from: string | null, to: string): string[] {
  const first = from === null ? '' : dayOf(timeOfUuidV7(from));
  const last = to.startsWith('ffffffff') ? '99999999' : dayOf(timeOfUuidV7(to));
  return days.filter((day) => day >= first && day <= last);
}

/**
 * Names that filters offer: topics, groups that report outcomes, types and services of messages.
 * @param topicIds topics of whose messages types and services are; null: all
 */
export async function readFilterNames(
  store: Queryable,
  clusterId: number,
  topicIds: number[] | null = null,
): Promise<{ topics: string[]; groups: string[]; readers: string[]; types: string[]; services: string[] }> {
  const ask = async (text: string, ...values: unknown[]) =>
    (await store.query<{ name: string }>(text, [clusterId, ...values])).rows.map((row) => row.name);
  const [topics, groups, readers, types, services] = await Promise.all([
    ask(
      'SELECT name FROM topic WHERE cluster_id = $1 AND name !~ $2 AND gone_at IS NULL ORDER BY name LIMIT 500',
      INTERNAL_TOPIC,
    ),
    ask('SELECT name FROM consumer_group WHERE cluster_id = $1 AND reports ORDER BY name LIMIT 500'),
    ask(
      'SELECT g.name FROM group_now n JOIN consumer_group g ON g.id = n.group_id WHERE g.cluster_id = $1 ORDER BY g.name LIMIT 500',
    ),
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
  return { topics, groups, readers, types, services };
}
