import { NONE } from '@/lib/contract/paths';
import type { DeliveryStatus } from '@/lib/domain/messages/status';
import type { MessageFilter } from './filter';
import type { ShapeFilter } from './shape-filter';

/** The worst status of a message's deliveries, else whether its send failed. @param m alias of its row @param x suffix of its day */
export const statusSql = (m: string, x: string) => `coalesce(
  (SELECT CASE max(CASE w.status WHEN 'HANDLED' THEN 0 WHEN 'COMMITTED' THEN 1 WHEN 'PUSH_FAIL' THEN 2 ELSE 3 END)
     WHEN 0 THEN 'HANDLED' WHEN 1 THEN 'COMMITTED' WHEN 2 THEN 'PUSH_FAIL' WHEN 3 THEN 'HANDLE_FAIL' END
   FROM delivery${x} w WHERE w.message_id = ${m}.id),
  CASE WHEN ${m}.committed_at IS NULL AND ${m}.send_failed_at IS NOT NULL THEN 'SEND_FAIL' ELSE 'COMMITTED' END)`;

/**
 * By which index the ids of a filter are read, newest first. Each is one text for a day, whatever the filter's values are.
 * `ids`, `key`, `topic`, `all`: from messages. `failing`, `failing of a topic`, `error`: from deliveries that fail or failed.
 * `open of a group`, `failing of a group`, `group`: from a group's deliveries.
 */
export type IdSource =
  | 'ids'
  | 'key'
  | 'topic'
  | 'all'
  | 'failing'
  | 'failing of a topic'
  | 'error'
  | 'open of a group'
  | 'failing of a group'
  | 'group';

const OPEN = ['COMMITTED', 'PUSH_FAIL', 'HANDLE_FAIL'] as const satisfies DeliveryStatus[];
const FAILING = ['PUSH_FAIL', 'HANDLE_FAIL'] as const satisfies DeliveryStatus[];

/** The narrowest index that has all ids of a filter. */
export function sourceOf(filter: MessageFilter): IdSource {
  const { statuses } = filter;
  const within = (some: readonly string[]) =>
    statuses.length > 0 && statuses.every((status) => some.includes(status));
  if (filter.ids !== null) return 'ids';
  if (filter.columns.key !== undefined) return 'key';
  if (filter.groupId !== null) {
    if (filter.error !== null && within(FAILING)) return 'failing of a group';
    if (filter.error !== null && filter.error !== NONE) return 'error';
    return within(OPEN) ? 'open of a group' : 'group';
  }
  if (filter.error !== null) return 'error';
  if (within([...FAILING, 'SEND_FAIL'])) return filter.topicId === null ? 'failing' : 'failing of a topic';
  return filter.topicId === null ? 'all' : 'topic';
}

/** A statement that selects ids of one day. */
export interface IdQuery {
  source: IdSource;
  text: string;
  values: unknown[];
}

/**
 * Selects ids of a filter within ranges, the newest first of each range. The ids come in the order of the index; everything
 * else is compared row by row, so that no statistics can turn the statement round.
 * @param x suffix of the day's tables
 * @param ranges smallest ids, and the first ids that are not asked for any more
 */
export function selectIds(
  filter: MessageFilter,
  shapes: ShapeFilter,
  x: string,
  ranges: readonly (readonly [from: string, to: string])[],
  limit: number,
): IdQuery {
  const values: unknown[] = [];
  const add = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
  const lows = add(
    ranges.map(([from]) => from),
    'uuid[]',
  );
  const highs = add(
    ranges.map(([, to]) => to),
    'uuid[]',
  );
  const most = add(limit, 'int');
  const isOfDelivery = filter.groupId !== null || filter.error !== null;
  const p = {
    cluster: add(filter.clusterId, 'int'),
    topic: add(filter.topicId, 'int'),
    topics: add(filter.topicIds, 'int[]'),
    shapes: add(shapes.ids, 'int[]'),
    statuses: add(filter.statuses.length > 0 ? filter.statuses : null, 'text[]'),
    /** The same, where it is the message's own status that is compared. */
    own: add(filter.statuses.length > 0 && !isOfDelivery ? filter.statuses : null, 'text[]'),
    group: add(filter.groupId, 'int'),
    error: add(filter.error, 'text'),
    noError: add(filter.error === NONE && filter.groupId !== null, 'boolean'),
    key: add(filter.columns.key ?? null, 'text'),
    ids: add(filter.ids, 'uuid[]'),
  };
  const overflow =
    shapes.overflow.length === 0
      ? ''
      : ` OR m.shape_id = ANY(${add(shapes.overflow, 'int[]')}) AND ${Object.entries(shapes.names)
          .map(([name, value]) => `coalesce(m.rest::json->'names'->>'${name}', '') = ${add(value, 'text')}`)
          .join(' AND ')}`;
  const ofMessage = `m.cluster_id = ${p.cluster} AND (${p.topic} IS NULL OR m.topic_id = ${p.topic})
    AND (${p.topics} IS NULL OR m.topic_id = ANY(${p.topics})) AND (${p.shapes} IS NULL OR m.shape_id = ANY(${p.shapes})${overflow})
    AND (${p.key} IS NULL OR m.key = ${p.key}) AND (${p.ids} IS NULL OR m.id = ANY(${p.ids}))
    AND (${p.own} IS NULL OR ${statusSql('m', x)} = ANY(${p.own}))`;
  const ofDelivery = `(${p.group} IS NULL OR d.group_id = ${p.group}) AND (${p.statuses} IS NULL OR d.status = ANY(${p.statuses}))
    AND (${p.error} IS NULL OR CASE WHEN ${p.noError} THEN d.error_type IS NULL ELSE d.error_type = ${p.error} END)`;
  // OFFSET 0 keeps it a question for each row, in the order of the rows.
  const hasMessage = `EXISTS (SELECT 1 FROM message${x} m WHERE m.id = d.message_id AND ${ofMessage} OFFSET 0)`;
  const hasDelivery = `(${p.group} IS NULL AND ${p.error} IS NULL
    OR EXISTS (SELECT 1 FROM delivery${x} d WHERE d.message_id = m.id AND ${ofDelivery} OFFSET 0))`;
  // Inside are the conditions that an index has, outside those of each row: the planner takes these for narrow ones, and
  // would read another index and sort. Rows come out in the order of the inside; an order outside would make the planner
  // expect that all of them are read.
  const within = 'm.id >= r.low AND m.id < r.high';
  const messages = (where: string) =>
    `SELECT m.id FROM (SELECT * FROM message${x} m WHERE ${where} ORDER BY m.id DESC OFFSET 0) m
     WHERE ${within} AND ${ofMessage} AND ${hasDelivery} LIMIT ${most}`;
  const deliveries = (where: string, distinct = '') =>
    `SELECT ${distinct} d.message_id AS id FROM (
       SELECT * FROM delivery${x} d WHERE ${where} AND d.message_id >= r.low AND d.message_id < r.high
       ORDER BY d.message_id DESC OFFSET 0) d
     WHERE ${ofDelivery} AND ${hasMessage} ORDER BY d.message_id DESC LIMIT ${most}`;
  const byStatus = (statuses: readonly string[], where: string) =>
    statuses.map((status) =>
      deliveries(`d.status = '${status}' AND '${status}' = ANY(${p.statuses}) AND ${where}`, 'DISTINCT'),
    );
  const notSent = `SELECT m.id FROM (
      SELECT * FROM message${x} m WHERE m.send_failed_at IS NOT NULL AND m.committed_at IS NULL AND m.id >= r.low AND m.id < r.high
      ORDER BY m.id DESC OFFSET 0) m
    WHERE 'SEND_FAIL' = ANY(${p.statuses}) AND ${ofMessage} LIMIT ${most}`;
  const source = sourceOf(filter);
  const arms: Record<IdSource, () => string[]> = {
    ids: () => [messages(`m.id = ANY(${p.ids})`)],
    key: () => [messages(`left(m.key, 100) = left(${p.key}, 100)`)],
    topic: () => [messages(`m.topic_id = ${p.topic} AND ${within}`)],
    // In rows, since the index by topic takes a plain range of ids too, skipping from topic to topic.
    all: () => [messages('(m.id, 0) >= (r.low, 0) AND (m.id, 0) < (r.high, 0)')],
    failing: () => [...byStatus(FAILING, 'true'), notSent],
    'failing of a topic': () => [...byStatus(FAILING, `d.topic_id = ${p.topic}`), notSent],
    error: () => [deliveries(`d.error_type = ${p.error}`, 'DISTINCT')],
    'open of a group': () => byStatus(OPEN, `d.group_id = ${p.group}`),
    'failing of a group': () => [
      deliveries(
        `d.group_id = ${p.group} AND d.status IN ('PUSH_FAIL', 'HANDLE_FAIL') AND d.error_type IS NOT DISTINCT FROM
         CASE WHEN ${p.noError} THEN NULL ELSE ${p.error} END`,
      ),
    ],
    group: () => [deliveries(`d.group_id = ${p.group}`)],
  };
  const list = arms[source]().map((arm) => `(${arm})`);
  return {
    source,
    text: `SELECT DISTINCT i.id FROM unnest(${lows}, ${highs}) AS r (low, high) CROSS JOIN LATERAL (${list.join(' UNION ALL ')}) i
           ORDER BY i.id DESC LIMIT ${most}`,
    values,
  };
}
