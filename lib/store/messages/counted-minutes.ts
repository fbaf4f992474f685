import { STATUSES } from '@/lib/domain/messages/status';
import type { Queryable } from '@/lib/postgres';
import { ALL_SHAPES, MESSAGES, STATUS_NUMBER } from '../facts/count-statuses';
import type { MessageFilter } from './filter';
import type { ShapeFilter } from './shape-filter';

/** Rows of counts that are read of one shape at a time. */
const MAX_ROWS = 300;
/** Minutes of one answer: a shape has a row for each of the five statuses at most. */
export const MAX_MINUTES = MAX_ROWS / STATUSES.length;

/** Whether counts by shape, minute and status cover everything that a filter compares. */
export function isCounted(filter: MessageFilter, shapes: ShapeFilter): boolean {
  return (
    filter.ids === null &&
    filter.columns.key === undefined &&
    filter.error === null &&
    shapes.overflow.length === 0
  );
}

/** The part of the counts that is a filter's. */
export function countedOf(filter: MessageFilter, shapes: ShapeFilter) {
  return {
    clusterId: filter.clusterId,
    groupId: filter.groupId ?? MESSAGES,
    shapes: shapes.counted ?? [ALL_SHAPES],
    statuses: (filter.statuses.length > 0 ? filter.statuses : STATUSES).map(
      (status) => STATUS_NUMBER[status],
    ),
  };
}

/** The newest minutes before a moment that count something of a filter, newest first. */
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
               AND minute >= coalesce($5, '-infinity'::timestamptz) AND minute <= coalesce($6, 'infinity'::timestamptz)
             ORDER BY minute DESC LIMIT ${MAX_ROWS}) c
           GROUP BY c.minute ORDER BY c.minute DESC LIMIT ${MAX_MINUTES}`,
    values: [of.clusterId, of.groupId, of.shapes, of.statuses, from, before],
  });
  return rows;
}
