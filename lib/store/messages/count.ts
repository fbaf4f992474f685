import type { Pool } from 'pg';
import { STATUSES, type Status } from '@/lib/domain/messages/status';
import { floorUuidV7, timeOfUuidV7 } from '@/lib/protocol/uuid';
import { inTransaction, type PoolClient } from '@/lib/postgres';
import { countFormer } from '../former/count';
import { dayOf, type PartitionCatalog } from '../schema/partitions';
import { AT, countedOf, isCounted } from './counted-minutes';
import { FIRST_ID, type MessageFilter } from './filter';
import { daysWithin } from './list';
import { selectIds, statusSql } from './select-ids';
import { readShapes, type ShapeFilter } from './shape-filter';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Messages that are counted one by one at most, the newest of each range. */
const MAX_LOOKED_AT = 200_000;

export interface StatusCount {
  /** Number of the step, 0 first. */
  step: number;
  status: Status;
  count: number;
}

export interface StepCounts {
  counts: StatusCount[];
  /** Whether there are more than were counted. */
  isCut: boolean;
}

/** A span that is counted in steps of one length, from `begin` on. Milliseconds since 1970. */
export interface CountedSpan {
  from: number;
  to: number;
  begin: number;
  stepMs: number;
}

/**
 * How many messages of a filter were made in each step of a span, by status: from the stored counts, with the messages of
 * the minutes at its ends one by one; all one by one where no counts are kept for the filter.
 * @param filter its `from` and `to` are not read
 * @returns null when counting took longer than allowed
 */
export async function countByStep(
  pool: Pool,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  span: CountedSpan,
  maxMs: number,
): Promise<StepCounts | null> {
  try {
    return await inTransaction(pool, async (client) => {
      // All of it as of one moment: a message that moves from one status to another is counted once.
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query(`SET LOCAL statement_timeout = ${Math.trunc(maxMs)}`);
      const shapes = await readShapes(client, filter);
      const found = isCounted(filter, shapes)
        ? await fromCounts(client, partitions, filter, shapes, span)
        : await oneByOne(client, partitions, filter, shapes, span, [[span.from, span.to]]);
      const former = await countFormer(client, partitions, filter, span);
      return { counts: summed([...found.counts, ...former]), isCut: found.isCut || filter.areIdsCut };
    });
  } catch (error) {
    // 57014: the statement was ended because it took too long.
    if (error instanceof Error && 'code' in error && error.code === '57014') return null;
    throw error;
  }
}

async function fromCounts(
  client: PoolClient,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  shapes: ShapeFilter,
  span: CountedSpan,
): Promise<StepCounts> {
  const up = (time: number, unit: number) => Math.ceil(time / unit) * unit;
  const down = (time: number, unit: number) => Math.floor(time / unit) * unit;
  const [first, last] = [up(span.from, MINUTE_MS), down(span.to, MINUTE_MS)];
  // Shorter than a minute, or in steps that no minute fits into.
  if (first >= last || !fits(span, MINUTE_MS))
    return oneByOne(client, partitions, filter, shapes, span, [[span.from, span.to]]);
  const [firstHour, lastHour] = [up(first, HOUR_MS), down(last, HOUR_MS)];
  const byHour = firstHour < lastHour && fits(span, HOUR_MS);
  const counts: StatusCount[] = [];
  if (byHour) {
    counts.push(...(await cells(client, filter, shapes, span, 'hour', [firstHour, lastHour])));
    counts.push(...(await cells(client, filter, shapes, span, 'minute', [first, firstHour])));
    counts.push(...(await cells(client, filter, shapes, span, 'minute', [lastHour, last])));
  } else counts.push(...(await cells(client, filter, shapes, span, 'minute', [first, last])));
  const ends = await oneByOne(client, partitions, filter, shapes, span, [
    [span.from, first],
    [last, span.to],
  ]);
  return { counts: [...counts, ...ends.counts], isCut: ends.isCut };
}

/** Whether each unit of time is within one step. */
function fits({ begin, stepMs }: CountedSpan, unit: number): boolean {
  return stepMs % unit === 0 && begin % unit === 0;
}

async function cells(
  client: PoolClient,
  filter: MessageFilter,
  shapes: ShapeFilter,
  { begin, stepMs }: CountedSpan,
  unit: 'minute' | 'hour',
  [from, to]: [number, number],
): Promise<StatusCount[]> {
  if (from >= to) return [];
  const of = countedOf(filter, shapes);
  const { rows } = await client.query<{ step: number; status: number; count: number }>({
    name: `count-by-${unit}`,
    text: `SELECT floor((extract(epoch FROM c.at) * 1000 - $7::bigint) / $8::bigint)::int AS step, c.status, sum(c.count)::int AS count
           FROM unnest($3::int[]) AS s (shape_id) CROSS JOIN LATERAL (
             SELECT ${unit === 'hour' ? 'c.hour AS at, c.status, c.count' : `${AT} AS at, c.status, u.count`} FROM (
               SELECT * FROM status_count
               WHERE cluster_id = $1 AND group_id = $2 AND shape_id = s.shape_id AND status = ANY($4::smallint[]) AND count > 0
                 AND hour >= to_timestamp($9::bigint / 1000) AND hour < to_timestamp($6::bigint / 1000)
               -- The hours come by the key, whatever statistics say of the rest.
               OFFSET 0) c${unit === 'hour' ? '' : ', unnest(c.minutes) WITH ORDINALITY AS u (count, m)'}) c
           WHERE c.count > 0 AND c.at >= to_timestamp($5::bigint / 1000) AND c.at < to_timestamp($6::bigint / 1000)
           GROUP BY 1, 2`,
    values: [
      of.clusterId,
      of.groupId,
      of.shapes,
      of.statuses,
      from,
      to,
      begin,
      stepMs,
      Math.floor(from / HOUR_MS) * HOUR_MS,
    ],
  });
  return rows.map(({ step, status, count }) => ({ step, status: STATUSES[status] ?? 'COMMITTED', count }));
}

async function oneByOne(
  client: PoolClient,
  partitions: PartitionCatalog,
  filter: MessageFilter,
  shapes: ShapeFilter,
  { begin, stepMs }: CountedSpan,
  spans: readonly [number, number][],
): Promise<StepCounts> {
  const ranges = spans
    .filter(([from, to]) => from < to)
    .map(([from, to]): [string, string] => [from <= 0 ? FIRST_ID : floorUuidV7(from), floorUuidV7(to)]);
  const counts: StatusCount[] = [];
  let isCut = false;
  const days = await partitions.newestFirst();
  const own = filter.ids && new Set(filter.ids.map((id) => dayOf(timeOfUuidV7(id))));
  for (const day of ['_default', ...days.map((item) => `_p${item}`)]) {
    const some =
      day === '_default' ? ranges : ranges.filter(([from, to]) => isWithin(day.slice(2), from, to));
    if (some.length === 0 || (own && day !== '_default' && !own.has(day.slice(2)))) continue;
    const ids = selectIds(filter, shapes, day, some, MAX_LOOKED_AT);
    const p = (value: unknown) => `$${ids.values.push(value)}`;
    const status =
      filter.groupId === null
        ? statusSql('m', day)
        : `(SELECT d.status FROM delivery${day} d WHERE d.message_id = m.id AND d.group_id = ${p(filter.groupId)})`;
    const made = `('x' || substr(replace(i.id::text, '-', ''), 1, 12))::bit(48)::bigint`;
    const { rows } = await client.query<StatusCount>(
      `WITH i AS MATERIALIZED (${ids.text})
       SELECT floor((${made} - ${p(begin)}::bigint)::numeric / ${p(stepMs)}::bigint)::int AS step, ${status} AS status, count(*)::int AS count
       FROM i CROSS JOIN LATERAL (SELECT * FROM message${day} m WHERE m.id = i.id OFFSET 0) m GROUP BY 1, 2`,
      ids.values,
    );
    counts.push(...rows);
    if (rows.reduce((sum, row) => sum + row.count, 0) >= MAX_LOOKED_AT) isCut = true;
  }
  return { counts, isCut };
}

function isWithin(day: string, from: string, to: string): boolean {
  return daysWithin([day], from === FIRST_ID ? null : from, to).length > 0;
}

function summed(counts: readonly StatusCount[]): StatusCount[] {
  const sums = new Map<string, StatusCount>();
  for (const row of counts) {
    const key = `${row.step} ${row.status}`;
    const known = sums.get(key);
    sums.set(key, known ? { ...known, count: known.count + row.count } : row);
  }
  return [...sums.values()];
}
