import type { MoveView } from '@/lib/contract/groups';
import { partitionText } from '@/lib/protocol/position';
import type { LagNow } from '@/lib/store/lag/read-lag';
import { readMoves, type StoredMove } from '@/lib/store/groups/position-moves';
import type { Context } from '@/lib/context/context';

/** Moves that a page shows. */
const MOVES = 5;

/** The last moves of a group, each with whether it can still be undone as of the last sample. */
export async function movesOf(
  { store }: Pick<Context, 'store'>,
  groupId: number,
  rows: readonly LagNow[],
): Promise<MoveView[]> {
  const now = new Map(rows.map((row) => [partitionText(row), row.committed]));
  return (await readMoves(store, groupId, MOVES)).map((move) => moveView(move, now));
}

function moveView(move: StoredMove, now: ReadonlyMap<string, bigint | null>): MoveView {
  const sum = (of: 'skipped' | 'repeated') => move.partitions.reduce((total, item) => total + item[of], 0);
  const isThere = move.partitions.every((item) => now.get(partitionText(item)) === item.to);
  return {
    id: move.id,
    by: move.operatorName,
    at: move.createdAt.toISOString(),
    endedAt: move.endedAt?.toISOString() ?? null,
    reason: move.reason,
    to: move.target,
    state: move.state,
    problem: move.problem,
    detail: move.detail,
    topics: [...new Set(move.partitions.map(({ topic }) => topic))],
    partitions: move.partitions.length,
    skipped: sum('skipped'),
    repeated: sum('repeated'),
    isUndone: move.isUndone,
    canUndo:
      move.state === 'moved' &&
      !move.isUndone &&
      isThere &&
      move.partitions.some(({ from }) => from !== null),
  };
}
