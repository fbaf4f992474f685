import { STATUSES, type Status } from '@/lib/domain/messages/status';
import { timeOfUuidV7 } from '@/lib/protocol/uuid';
import { Recent } from '@/lib/values/recent';
import type { Queryable } from '@/lib/postgres';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Numbers of the statuses as stored; they never change. */
export const STATUS_NUMBER = Object.fromEntries(STATUSES.map((status, at) => [status, at])) as Record<
  Status,
  number
>;

/** The sum over all shapes. */
export const ALL_SHAPES = 0;
/** Messages rather than deliveries of a group. */
export const MESSAGES = 0;

const NO_MINUTES: readonly number[] = new Array<number>(HOUR_MS / MINUTE_MS).fill(0);

/** Changes of the counts of one hour. */
interface Cell {
  groupId: number;
  shapeId: number;
  /** Milliseconds since 1970. */
  hour: number;
  status: number;
  /** By minute. */
  minutes: number[];
}

/**
 * Changes of how many messages and deliveries there are by minute and status: one more where something came, one fewer
 * where it was before.
 */
export class StatusCounts {
  private readonly cells = new Map<string, Cell>();
  private readonly recent = new Recent<Cell>();

  constructor(private readonly clusterId: number) {}

  /** @param groupId 0 for a message, else the group of a delivery @param by +1 or -1 */
  add(messageId: string, groupId: number, shapeId: number, status: Status, by: number): void {
    const time = timeOfUuidV7(messageId);
    // A group reads few topics; by shape its counts would take as much room as its deliveries.
    if (groupId === MESSAGES) this.change(groupId, shapeId, time, STATUS_NUMBER[status], by);
    this.change(groupId, ALL_SHAPES, time, STATUS_NUMBER[status], by);
  }

  /** One that was of a shape and status, and is of others now. */
  move(messageId: string, groupId: number, before: CountedAs | null, after: CountedAs | null): void {
    if (before?.shapeId === after?.shapeId && before?.status === after?.status) return;
    if (before) this.add(messageId, groupId, before.shapeId, before.status, -1);
    if (after) this.add(messageId, groupId, after.shapeId, after.status, 1);
  }

  /** Changes one count. @param time within its minute, in milliseconds since 1970 @param status its number */
  change(groupId: number, shapeId: number, time: number, status: number, by: number): void {
    const hour = Math.floor(time / HOUR_MS) * HOUR_MS;
    const cell = this.cellOf(groupId, shapeId, hour, status);
    const minute = Math.floor((time - hour) / MINUTE_MS);
    cell.minutes[minute] = (cell.minutes[minute] ?? 0) + by;
  }

  private cellOf(groupId: number, shapeId: number, hour: number, status: number): Cell {
    // Messages of a batch are much alike.
    const known = this.recent.find(
      (cell) =>
        cell.shapeId === shapeId && cell.groupId === groupId && cell.status === status && cell.hour === hour,
    );
    if (known) return known;
    const key = `${groupId} ${shapeId} ${hour} ${status}`;
    let cell = this.cells.get(key);
    if (!cell) this.cells.set(key, (cell = { groupId, shapeId, hour, status, minutes: NO_MINUTES.slice() }));
    return this.recent.add(cell);
  }

  /** Adds the changes to the stored counts. The transaction ends soon after: writers of one hour wait for each other. */
  async write(store: Queryable): Promise<void> {
    // Always in the same order, so that two writers wait for each other instead of deadlocking.
    const changed = [...this.cells.values()]
      .filter(({ minutes }) => minutes.some((count) => count !== 0))
      .sort(
        (a, b) => a.groupId - b.groupId || a.shapeId - b.shapeId || a.hour - b.hour || a.status - b.status,
      );
    if (changed.length === 0) return;
    await store.query({
      name: 'count-statuses',
      text: `INSERT INTO status_count AS c (cluster_id, group_id, shape_id, hour, status, count, minutes)
             SELECT $1, group_id, shape_id, to_timestamp(at), status, count, minutes::int[]
             FROM unnest($2::int[], $3::int[], $4::bigint[], $5::smallint[], $6::int[], $7::text[])
               AS r (group_id, shape_id, at, status, count, minutes)
             ON CONFLICT (cluster_id, group_id, shape_id, hour, status)
             DO UPDATE SET count = c.count + excluded.count, minutes = add_minutes(c.minutes, excluded.minutes)`,
      values: [
        this.clusterId,
        changed.map((cell) => cell.groupId),
        changed.map((cell) => cell.shapeId),
        changed.map((cell) => cell.hour / 1_000),
        changed.map((cell) => cell.status),
        changed.map((cell) => cell.minutes.reduce((sum, count) => sum + count)),
        changed.map((cell) => `{${cell.minutes.join(',')}}`),
      ],
    });
  }
}

/** By what a message or delivery is counted. */
export interface CountedAs {
  shapeId: number;
  status: Status;
}
