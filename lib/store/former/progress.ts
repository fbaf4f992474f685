import type { Queryable } from '@/lib/postgres';
import { listFormerDays } from './list';

/** How far the move of former days is. */
export interface MoveProgress {
  moved: number;
  /** Messages that are left, as the planner estimates them. */
  left: number;
  /** Days that are left. */
  days: number;
  pausedAt: Date | null;
  beganAt: Date | null;
}

/** How far the move of former days is; null where there is nothing left to move. */
export async function readMoveProgress(store: Queryable): Promise<MoveProgress | null> {
  const days = await listFormerDays(store);
  if (days.length === 0) return null;
  const { rows } = await store.query<{ paused_at: Date | null; moved: string; began_at: Date | null }>(
    'SELECT paused_at, moved, began_at FROM former_move',
  );
  const [row] = rows;
  return {
    moved: Number(row?.moved ?? 0),
    left: days.reduce((sum, day) => sum + day.messages, 0),
    days: days.length,
    pausedAt: row?.paused_at ?? null,
    beganAt: row?.began_at ?? null,
  };
}

/** Whether a person paused the move. */
export async function isMovePaused(store: Queryable): Promise<boolean> {
  const { rows } = await store.query<{ paused: boolean }>(
    'SELECT paused_at IS NOT NULL AS paused FROM former_move',
  );
  return rows[0]?.paused === true;
}

/** Pauses the move of former days, or lets it go on. */
export async function pauseMove(store: Queryable, isPaused: boolean): Promise<void> {
  await store.query('UPDATE former_move SET paused_at = CASE WHEN $1 THEN coalesce(paused_at, now()) END', [
    isPaused,
  ]);
}

/** Adds to the count of moved messages. */
export async function countMoved(store: Queryable, messages: number): Promise<void> {
  await store.query(
    'UPDATE former_move SET moved = moved + $1, began_at = coalesce(began_at, now()), ended_at = NULL',
    [messages],
  );
}

/** Writes that nothing is left to move. */
export async function endMove(store: Queryable): Promise<void> {
  await store.query(
    'UPDATE former_move SET ended_at = coalesce(ended_at, now()) WHERE began_at IS NOT NULL AND ended_at IS NULL',
  );
}
