import type { MoveProblem, MoveState, MoveTarget } from '@/lib/domain/groups/position-move';
import type { GroupType } from '@/lib/domain/groups/group-type';
import { movedEpisode } from '@/lib/domain/episodes/moved';
import { inTransaction, type Pool, type Queryable } from '@/lib/postgres';
import { insertEpisodes } from '../episodes/write';
import { arraysOf, unnestOf, type Column } from '../sql/rows';

export interface MovedPartition {
  topic: string;
  partition: number;
  /** null: the broker had no position. */
  from: bigint | null;
  to: bigint;
  /** Offsets that are not read, and that are read again. */
  skipped: number;
  repeated: number;
}

export interface NewMove {
  id: string;
  clusterId: number;
  groupId: number;
  operatorId: number | null;
  operatorName: string;
  reason: string | null;
  target: MoveTarget;
  /** The move that this one takes back. */
  undoes: string | null;
  partitions: (MovedPartition & { topicId: number })[];
}

const PARTITION: Column<NewMove['partitions'][number]>[] = [
  { name: 'topic_id', type: 'int', of: (row) => row.topicId },
  { name: 'partition', type: 'int', of: (row) => row.partition },
  { name: 'from_offset', type: 'bigint', of: (row) => row.from?.toString() ?? null },
  { name: 'to_offset', type: 'bigint', of: (row) => row.to.toString() },
  { name: 'skipped', type: 'bigint', of: (row) => row.skipped },
  { name: 'repeated', type: 'bigint', of: (row) => row.repeated },
];

/** Writes a move for a worker. @returns false where another move of the group is open, or this one was written before */
export async function insertMove(store: Queryable, move: NewMove): Promise<boolean> {
  const { rowCount } = await store.query(
    `INSERT INTO position_move (id, cluster_id, group_id, operator_id, operator_name, reason, target, undoes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [
      move.id,
      move.clusterId,
      move.groupId,
      move.operatorId,
      move.operatorName,
      move.reason,
      JSON.stringify(move.target),
      move.undoes,
    ],
  );
  if (!rowCount) return false;
  const names = PARTITION.map(({ name }) => name).join(', ');
  await store.query(
    `INSERT INTO position_move_partition (move_id, ${names}) SELECT $${PARTITION.length + 1}, ${names} FROM ${unnestOf(PARTITION)}`,
    [...arraysOf(PARTITION, move.partitions), move.id],
  );
  return true;
}

export interface StoredMove {
  id: string;
  groupId: number;
  operatorName: string;
  reason: string | null;
  target: MoveTarget;
  undoes: string | null;
  state: MoveState;
  problem: MoveProblem | null;
  detail: string | null;
  createdAt: Date;
  triedAt: Date | null;
  endedAt: Date | null;
  /** Whether another move took it back, or is about to. */
  isUndone: boolean;
  partitions: MovedPartition[];
}

const MOVE = `SELECT m.*, g.name AS group_name, n.type,
    EXISTS (SELECT 1 FROM position_move u WHERE u.group_id = m.group_id AND u.undoes = m.id
            AND u.state IN ('open', 'moved')) AS is_undone,
    (SELECT json_agg(json_build_object('topic', t.name, 'partition', p.partition, 'from', p.from_offset::text,
       'to', p.to_offset::text, 'skipped', p.skipped, 'repeated', p.repeated) ORDER BY t.name, p.partition)
     FROM position_move_partition p JOIN topic t ON t.id = p.topic_id WHERE p.move_id = m.id) AS partitions
  FROM position_move m JOIN consumer_group g ON g.id = m.group_id LEFT JOIN group_now n ON n.group_id = m.group_id`;

interface Row {
  id: string;
  group_id: number;
  group_name: string;
  type: GroupType | null;
  operator_name: string;
  reason: string | null;
  target: MoveTarget;
  undoes: string | null;
  state: MoveState;
  problem: MoveProblem | null;
  detail: string | null;
  created_at: Date;
  tried_at: Date | null;
  ended_at: Date | null;
  is_undone: boolean;
  partitions: {
    topic: string;
    partition: number;
    from: string | null;
    to: string;
    skipped: number;
    repeated: number;
  }[];
}

function moveOf(row: Row): StoredMove {
  return {
    id: row.id,
    groupId: row.group_id,
    operatorName: row.operator_name,
    reason: row.reason,
    target: row.target,
    undoes: row.undoes,
    state: row.state,
    problem: row.problem,
    detail: row.detail,
    createdAt: row.created_at,
    triedAt: row.tried_at,
    endedAt: row.ended_at,
    isUndone: row.is_undone,
    partitions: row.partitions.map((item) => ({
      ...item,
      from: item.from === null ? null : BigInt(item.from),
      to: BigInt(item.to),
    })),
  };
}

/** The last moves of a group, the newest first. */
export async function readMoves(store: Queryable, groupId: number, limit: number): Promise<StoredMove[]> {
  const { rows } = await store.query<Row>({
    name: 'moves-of-group',
    text: `${MOVE} WHERE m.group_id = $1 ORDER BY m.created_at DESC LIMIT $2`,
    values: [groupId, limit],
  });
  return rows.map(moveOf);
}

/** One move of a group; null where there is none. */
export async function readMove(store: Queryable, groupId: number, id: string): Promise<StoredMove | null> {
  const { rows } = await store.query<Row>({
    name: 'move',
    text: `${MOVE} WHERE m.group_id = $1 AND m.id = $2`,
    values: [groupId, id],
  });
  return rows[0] ? moveOf(rows[0]) : null;
}

/** Moves of a cluster that have not ended, with the group that each is of. */
export async function readOpenMoves(
  store: Queryable,
  clusterId: number,
): Promise<(StoredMove & { group: string; type: GroupType; clusterId: number })[]> {
  const { rows } = await store.query<Row>({
    name: 'open-moves',
    text: `${MOVE} WHERE m.cluster_id = $1 AND m.state = 'open' ORDER BY m.created_at`,
    values: [clusterId],
  });
  return rows.map((row) => ({
    ...moveOf(row),
    group: row.group_name,
    type: row.type ?? 'classic',
    clusterId,
  }));
}

/** Writes that a move is about to be asked of the broker. */
export async function markTried(store: Queryable, id: string): Promise<void> {
  await store.query('UPDATE position_move SET tried_at = now() WHERE id = $1', [id]);
}

/** Ends a move; one that the broker made, wholly or in part, is an episode. @param detail the broker's own words, or names */
export async function endMove(
  pool: Pool,
  move: StoredMove & { group: string; clusterId: number },
  state: Exclude<MoveState, 'open'>,
  problem: MoveProblem | null = null,
  detail: string | null = null,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ at: Date }>(
      `UPDATE position_move SET state = $2, problem = $3, detail = $4, ended_at = now() WHERE id = $1 AND state = 'open'
       RETURNING ended_at AS at`,
      [move.id, state, problem, detail],
    );
    const [ended] = rows;
    if (!ended || (state !== 'moved' && state !== 'partly')) return;
    const episode = movedEpisode(move.group, ended.at.getTime(), {
      by: move.operatorName,
      move: move.id,
      isPartly: state === 'partly',
      partitions: move.partitions.map((item) => ({
        ...item,
        from: item.from?.toString() ?? null,
        to: item.to.toString(),
      })),
    });
    await insertEpisodes(client, move.clusterId, [{ ...episode, groupId: move.groupId }]);
  });
}
