import { STATUSES } from '@/lib/domain/messages/status';
import type { Queryable } from '@/lib/postgres';
import { ALL_SHAPES, MESSAGES, STATUS_NUMBER } from '../facts/count-statuses';
import type { MessageFilter } from './filter';
import type { ShapeFilter } from './shape-filter';

/** Rows of counts that are read of one shape at a time. */
const MAX_ROWS = 300;
/** Minutes of one answer: a shape has a row for each of the five statuses at most. */
const MAX_MINUTES = MAX_ROWS / STATUSES.length;

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

/**
 * The newest minutes before a moment that count something of a filter, newest first. With a group and shapes: minutes in
 * which the group has deliveries and those shapes have messages, so that a rare type does not cost a walk through all of
 * a group's minutes.
 */
export async function newestMinutes(
  store: Queryable,
  filter: MessageFilter,
  shapes: ShapeFilter,
  from: Date | null,
  before: Date | null,
): Promise<{ minute: Date; count: number }[]> {
  const of = countedOf(filter, shapes);
  const { rows } = await store.query<{ minute: Date; count: number }>({
    name: 'newest-minutes',
    text: `SELECT c.minute, sum(c.count)::int AS count FROM unnest($3::int[]) AS s (shape_id) CROSS JOIN LATERAL (
             SELECT minute, count FROM minute_status
             WHERE cluster_id = $1 AND group_id = $2 AND shape_id = s.shape_id AND status = ANY($4::smallint[]) AND count > 0
               AND ($7::int[] IS NULL OR EXISTS (
                 SELECT FROM minute_status m WHERE m.cluster_id = $1 AND m.group_id = ${MESSAGES} AND m.shape_id = ANY($7)
                   AND m.minute = minute_status.minute AND m.count > 0))
               AND minute >= coalesce($5, '-infinity'::timestamptz) AND minute <= coalesce($6, 'infinity'::timestamptz)
             ORDER BY minute DESC LIMIT ${MAX_ROWS}) c
           GROUP BY c.minute ORDER BY c.minute DESC LIMIT ${MAX_MINUTES}`,
    values: [
      of.clusterId,
      of.groupId,
      of.shapes,
      of.statuses,
      from,
      before,
      filter.groupId === null ? null : shapes.counted,
    ],
  });
  return rows;
}
