import { STATUSES, type Status } from '@/lib/domain/messages/status';
import { timeOfUuidV7 } from '@/lib/protocol/uuid';
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

interface Cell {
  groupId: number;
  shapeId: number;
  minute: number;
  status: number;
  count: number;
}

/**
 * Changes of how many messages and deliveries there are by minute and status: one more where something came, one fewer
 * where it was before.
 */
export class StatusCounts {
  private readonly cells = new Map<string, Cell>();

  constructor(private readonly clusterId: number) {}

  /** @param groupId 0 for a message, else the group of a delivery @param by +1 or -1 */
  add(messageId: string, groupId: number, shapeId: number, status: Status, by: number): void {
    const minute = Math.floor(timeOfUuidV7(messageId) / MINUTE_MS) * MINUTE_MS;
    // A group reads few topics; by shape its counts would take as much room as its deliveries.
    if (groupId === MESSAGES) this.cell(groupId, shapeId, minute, STATUS_NUMBER[status], by);
    this.cell(groupId, ALL_SHAPES, minute, STATUS_NUMBER[status], by);
  }

  /** One that was of a shape and status, and is of others now. */
  move(messageId: string, groupId: number, before: CountedAs | null, after: CountedAs | null): void {
    if (before?.shapeId === after?.shapeId && before?.status === after?.status) return;
    if (before) this.add(messageId, groupId, before.shapeId, before.status, -1);
    if (after) this.add(messageId, groupId, after.shapeId, after.status, 1);
  }

  private cell(groupId: number, shapeId: number, minute: number, status: number, by: number): void {
    const key = `${groupId} ${shapeId} ${minute} ${status}`;
    const known = this.cells.get(key);
    if (known) known.count += by;
    else this.cells.set(key, { groupId, shapeId, minute, status, count: by });
  }

  /** Adds the changes to the stored counts. The transaction ends soon after: writers of one minute wait for each other. */
  async write(store: Queryable): Promise<void> {
    const changed = [...this.cells.values()].filter((cell) => cell.count !== 0);
    if (changed.length === 0) return;
    await writeCells(store, this.clusterId, 'minute_status', 'minute', changed);
    const hours = new Map<string, Cell>();
    for (const cell of changed) {
      const hour = Math.floor(cell.minute / HOUR_MS) * HOUR_MS;
      const key = `${cell.groupId} ${cell.shapeId} ${hour} ${cell.status}`;
      const known = hours.get(key);
      if (known) known.count += cell.count;
      else hours.set(key, { ...cell, minute: hour });
    }
    await writeCells(
      store,
      this.clusterId,
      'hour_status',
      'hour',
      [...hours.values()].filter((cell) => cell.count !== 0),
    );
  }
}

/** By what a message or delivery is counted. */
export interface CountedAs {
  shapeId: number;
  status: Status;
}

async function writeCells(
  store: Queryable,
  clusterId: number,
  table: 'minute_status' | 'hour_status',
  time: 'minute' | 'hour',
  cells: readonly Cell[],
): Promise<void> {
  // Always in the same order, so that two writers wait for each other instead of deadlocking.
  const sorted = [...cells].sort(
    (a, b) => a.groupId - b.groupId || a.shapeId - b.shapeId || a.minute - b.minute || a.status - b.status,
  );
  await store.query({
    name: `count-${table}`,
    text: `INSERT INTO ${table} (cluster_id, group_id, shape_id, ${time}, status, count)
           SELECT $1, group_id, shape_id, to_timestamp(at), status, count
           FROM unnest($2::int[], $3::int[], $4::bigint[], $5::smallint[], $6::int[]) AS r (group_id, shape_id, at, status, count)
           ON CONFLICT (cluster_id, group_id, shape_id, ${time}, status) DO UPDATE SET count = ${table}.count + excluded.count`,
    values: [
      clusterId,
      sorted.map((cell) => cell.groupId),
      sorted.map((cell) => cell.shapeId),
      sorted.map((cell) => cell.minute / 1_000),
      sorted.map((cell) => cell.status),
      sorted.map((cell) => cell.count),
    ],
  });
}
