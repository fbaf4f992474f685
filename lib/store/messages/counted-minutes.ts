import { STATUSES } from '@/lib/domain/messages/status';
import type { Queryable } from '@/lib/postgres';
import { ALL_SHAPES, MESSAGES, STATUS_NUMBER } from '../facts/count-statuses';
import type { MessageFilter } from './filter';
import type { ShapeFilter } from './shape-filter';

/** Hours of one answer. */
const MAX_HOURS = 12;
/** Rows that are read of one shape at most: it has one for each status in an hour. */
const MAX_ROWS = MAX_HOURS * STATUSES.length;
const HOUR_MS = 3_600_000;

/** Whether counts by shape, minute and status cover everything that a filter compares. */
export function isCounted(filter: MessageFilter, shapes: ShapeFilter): boolean {
  return (
    filter.ids === null &&
    filter.columns.key === undefined &&
    filter.error === null &&
    shapes.overflow.length === 0 &&
    (filter.groupId === null || shapes.counted === null)
  );
}

/** The part of the counts that is a filter's. */
export function countedOf(filter: MessageFilter, shapes: ShapeFilter) {
  return {
    clusterId: filter.clusterId,
    groupId: filter.groupId ?? MESSAGES,
    // Deliveries are counted over all shapes.
    shapes: filter.groupId === null ? (shapes.counted ?? [ALL_SHAPES]) : [ALL_SHAPES],
    statuses: (filter.statuses.length > 0 ? filter.statuses : STATUSES).map(
      (status) => STATUS_NUMBER[status],
    ),
  };
}

/** Minutes that count something, newest first, and back to which moment these are all; null: there are no older ones. */
export interface CountedMinutes {
  minutes: { minute: Date; count: number }[];
  until: Date | null;
}

/**
 * The newest minutes from a moment back that count something of a filter: those of as many hours as are needed. With a group
 * and shapes: minutes in which the group has deliveries and those shapes have messages, so that a rare type does not cost a
 * walk through all of a group's minutes.
 * @param wanted messages that the minutes have to count, if there are so many
 */
export async function newestMinutes(
  store: Queryable,
  filter: MessageFilter,
  shapes: ShapeFilter,
  from: Date | null,
  before: Date | null,
  wanted: number,
): Promise<CountedMinutes> {
  const of = countedOf(filter, shapes);
  const narrowed = filter.groupId === null ? null : shapes.counted;
  const { rows: hours } = await store.query<{ hour: Date; count: number }>({
    name: 'newest-hours',
    text: `SELECT c.hour, sum(c.count)::int AS count FROM unnest($3::int[]) AS s (shape_id) CROSS JOIN LATERAL (
             SELECT hour, count FROM status_count h
             WHERE cluster_id = $1 AND group_id = $2 AND shape_id = s.shape_id AND status = ANY($4::smallint[]) AND count > 0
               AND ($7::int[] IS NULL OR EXISTS (
                 SELECT FROM status_count m WHERE m.cluster_id = $1 AND m.group_id = ${MESSAGES} AND m.shape_id = ANY($7)
                   AND m.hour = h.hour AND m.count > 0))
               AND hour >= coalesce($5, '-infinity'::timestamptz) AND hour <= coalesce($6, 'infinity'::timestamptz)
             ORDER BY hour DESC LIMIT ${MAX_ROWS}) c
           GROUP BY c.hour ORDER BY c.hour DESC LIMIT ${MAX_HOURS}`,
    values: [of.clusterId, of.groupId, of.shapes, of.statuses, hourOf(from), before, narrowed],
  });
  const read: Date[] = [];
  let sure = 0;
  for (const { hour, count } of hours) {
    if (sure >= wanted) break;
    // Of the first hour, minutes may be after the moment.
    if (read.length > 0) sure += count;
    read.push(hour);
  }
  const until = read.at(-1) ?? null;
  if (until === null) return { minutes: [], until };
  const { rows: minutes } = await store.query<{ minute: Date; count: number }>({
    name: 'newest-minutes',
    text: `WITH own AS (
             SELECT ${AT} AS minute, sum(u.count)::int AS count FROM unnest($3::int[]) AS s (shape_id)
             CROSS JOIN unnest($8::timestamptz[]) AS h (hour) CROSS JOIN LATERAL (
               SELECT * FROM status_count WHERE cluster_id = $1 AND group_id = $2 AND shape_id = s.shape_id AND hour = h.hour
                 AND status = ANY($4::smallint[]) AND count > 0 OFFSET 0) c, unnest(c.minutes) WITH ORDINALITY AS u (count, m)
             WHERE u.count > 0 GROUP BY 1
           ), narrowed AS (
             SELECT DISTINCT ${AT} AS minute FROM unnest($7::int[]) AS s (shape_id)
             CROSS JOIN unnest($8::timestamptz[]) AS h (hour) CROSS JOIN LATERAL (
               SELECT * FROM status_count WHERE cluster_id = $1 AND group_id = ${MESSAGES} AND shape_id = s.shape_id AND hour = h.hour
                 AND count > 0 OFFSET 0) c, unnest(c.minutes) WITH ORDINALITY AS u (count, m)
             WHERE u.count > 0
           )
           SELECT minute, count FROM own
           WHERE minute >= coalesce($5, '-infinity'::timestamptz) AND minute <= coalesce($6, 'infinity'::timestamptz)
             AND ($7::int[] IS NULL OR minute IN (SELECT minute FROM narrowed))
           ORDER BY minute DESC`,
    values: [of.clusterId, of.groupId, of.shapes, of.statuses, from, before, narrowed, read],
  });
  return { minutes, until };
}

/** The minute of an element of `minutes`. */
export const AT = `c.hour + (u.m - 1) * interval '1 minute'`;

function hourOf(time: Date | null): Date | null {
  return time && new Date(Math.floor(time.getTime() / HOUR_MS) * HOUR_MS);
}
