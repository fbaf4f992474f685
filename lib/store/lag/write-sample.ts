import type { Pool } from 'pg';
import type { GroupType } from '@/lib/domain/groups/group-type';
import type { GroupFigures, GroupRisk } from '@/lib/contract/groups';
import type { Risk } from '@/lib/domain/groups/data-at-risk';
import type { JudgeState } from '@/lib/domain/groups/judge/state';
import type { GroupJudgement, PartitionJudgement } from '@/lib/domain/groups/judge/types';
import { arraysOf, unnestOf, type Column } from '../sql/rows';
import { storable } from '@/lib/protocol/text';
import { inTransaction, type PoolClient } from '@/lib/postgres';

const MAX_NAME_BYTES = 1_024;

export interface LagRow {
  groupId: number;
  topicId: number;
  partition: number;
  /** null: the broker has no position. */
  committed: bigint | null;
  start: bigint;
  end: bigint;
  behindSeconds: number | null;
  rateIn: number | null;
  rateOut: number | null;
  movedAt: Date;
  member: string | null;
  host: string | null;
  judged: JudgedPartition;
}

/** A judgement of a partition, and when retention deletes what it has not read; absent of a row of before. */
export type JudgedPartition = PartitionJudgement & { risk?: Risk };

export interface GroupRow {
  groupId: number;
  type: GroupType;
  state: string;
  /** null: not known. */
  members:
    | {
        id: string;
        clientId: string;
        host: string;
        assignment: { topic: string; partitions: number[] }[];
      }[]
    | null;
  judged: StoredJudgement;
  /** null: as it was written last. */
  judgeState: JudgeState | null;
}

/**
 * What is stored of the judgement of a group, so that a list reads one row for each; its partitions and losses have rows of
 * their own.
 */
export interface StoredJudgement extends Omit<GroupJudgement, 'partitions' | 'losses'> {
  topics: string[];
  /** Records a second over all partitions; null: not known. */
  rateIn: number | null;
  rateOut: number | null;
  /** The partition that decides the verdict; null: it has none. */
  worstRow: GroupFigures['worst'];
  /** Absent of a row of before. */
  risk?: GroupRisk;
}

export interface LossRow {
  groupId: number;
  topicId: number;
  partition: number;
  from: number;
  to: number;
  isCertain: boolean;
}

export interface ChunkRow {
  groupId: number;
  topicId: number;
  startAt: Date;
  data: Uint8Array;
}

/** Clients name themselves as they like; jsonb takes no NUL. */
function withStorableNames(member: NonNullable<GroupRow['members']>[number]) {
  const name = (text: string) => storable(text, MAX_NAME_BYTES);
  return { ...member, id: name(member.id), clientId: name(member.clientId), host: name(member.host) };
}

const LAG: Column<LagRow>[] = [
  { name: 'group_id', type: 'int', of: (row) => row.groupId },
  { name: 'topic_id', type: 'int', of: (row) => row.topicId },
  { name: 'partition', type: 'int', of: (row) => row.partition },
  { name: 'committed', type: 'bigint', of: (row) => row.committed?.toString() ?? null },
  { name: 'log_start', type: 'bigint', of: (row) => row.start.toString() },
  { name: 'log_end', type: 'bigint', of: (row) => row.end.toString() },
  { name: 'behind_seconds', type: 'float8', of: (row) => row.behindSeconds },
  { name: 'rate_in', type: 'float8', of: (row) => row.rateIn },
  { name: 'rate_out', type: 'float8', of: (row) => row.rateOut },
  { name: 'moved_at', type: 'timestamptz', of: (row) => row.movedAt },
  { name: 'member', type: 'text', of: (row) => row.member && storable(row.member, MAX_NAME_BYTES) },
  { name: 'host', type: 'text', of: (row) => row.host && storable(row.host, MAX_NAME_BYTES) },
  { name: 'judged', type: 'json', of: (row) => JSON.stringify(row.judged) },
];

/**
 * Writes one measurement: positions and groups of now, losses, and the open chunks of history. Positions of the same groups
 * that are not among the rows are there no more.
 */
export async function writeLagSample(
  pool: Pool,
  at: Date,
  {
    rows,
    groups,
    chunks,
    losses,
  }: { rows: LagRow[]; groups: GroupRow[]; chunks: ChunkRow[]; losses: LossRow[] },
  also?: (client: PoolClient) => Promise<void>,
): Promise<void> {
  const names = LAG.map((column) => column.name).join(', ');
  const updates = LAG.slice(3)
    .map((column) => `${column.name} = excluded.${column.name}`)
    .join(', ');
  await inTransaction(pool, async (client) => {
    await client.query(
      `INSERT INTO lag_now (${names}, sampled_at) SELECT ${names}, $${LAG.length + 1} FROM ${unnestOf(LAG)}
       ON CONFLICT (group_id, topic_id, partition) DO UPDATE SET ${updates}, sampled_at = excluded.sampled_at`,
      [...arraysOf(LAG, rows), at],
    );
    await client.query({
      name: 'forget-positions',
      text: 'DELETE FROM lag_now WHERE group_id = ANY($1::int[]) AND sampled_at < $2',
      values: [groups.map((group) => group.groupId), at],
    });
    if (losses.length > 0)
      await client.query(
        `INSERT INTO group_loss (group_id, topic_id, partition, from_offset, to_offset, is_certain, seen_at)
         SELECT r."groupId", r."topicId", r.partition, r."from", r."to", r."isCertain", $1
         FROM json_to_recordset($2) AS r ("groupId" int, "topicId" int, partition int, "from" bigint, "to" bigint, "isCertain" boolean)`,
        [at, JSON.stringify(losses)],
      );
    await client.query({
      name: 'write-groups-now',
      text: `INSERT INTO group_now (group_id, type, state, members, no_members_since, sampled_at, judged, judge_state)
       SELECT r.id, r.type, r.state, r.members, CASE WHEN r.members = '[]' THEN $2::timestamptz END, $2, r.judged, r.kept
       FROM json_to_recordset($1) AS r (id int, type text, state text, members jsonb, judged json, kept json)
       ON CONFLICT (group_id) DO UPDATE SET type = excluded.type, state = excluded.state, members = excluded.members, sampled_at = excluded.sampled_at,
         judged = excluded.judged, judge_state = coalesce(excluded.judge_state, group_now.judge_state),
         no_members_since = CASE WHEN excluded.members IS NULL THEN group_now.no_members_since
           WHEN excluded.members = '[]' THEN coalesce(group_now.no_members_since, excluded.no_members_since) END,
         absent_from = CASE WHEN excluded.members <> '[]' AND group_now.no_members_since IS NOT NULL THEN group_now.no_members_since ELSE group_now.absent_from END,
         absent_to = CASE WHEN excluded.members <> '[]' AND group_now.no_members_since IS NOT NULL THEN excluded.sampled_at ELSE group_now.absent_to END`,
      values: [
        JSON.stringify(
          groups.map(({ groupId, type, state, members, judged, judgeState }) => ({
            id: groupId,
            type,
            state,
            members: members && members.map(withStorableNames),
            judged,
            // Of type json, which takes the NUL of a name.
            kept: judgeState,
          })),
        ),
        at,
      ],
    });
    await client.query({
      name: 'write-lag-chunk',
      text: `INSERT INTO lag_chunk (group_id, topic_id, start_at, data)
       SELECT * FROM unnest($1::int[], $2::int[], $3::timestamptz[], $4::bytea[])
       ON CONFLICT (group_id, topic_id, start_at) DO UPDATE SET data = excluded.data`,
      values: [
        chunks.map((chunk) => chunk.groupId),
        chunks.map((chunk) => chunk.topicId),
        chunks.map((chunk) => chunk.startAt),
        chunks.map((chunk) => Buffer.from(chunk.data)),
      ],
    });
    await also?.(client);
  });
}

/** Forgets the positions of now of groups that are not there any more; their charts stay. */
export async function forgetGroups(pool: Pool, groupIds: number[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    for (const table of ['lag_now', 'group_now'])
      await client.query(`DELETE FROM ${table} WHERE group_id = ANY($1::int[])`, [groupIds]);
  });
}

/**
 * Writes where logs begin now, one row each time a begin was seen to have moved.
 * @param before time of the measurement before, which still saw the old begin
 */
export async function writeLogStarts(
  pool: Pool,
  at: Date,
  before: Date | null,
  starts: { topicId: number; partition: number; incarnation: string | null; start: bigint }[],
): Promise<void> {
  await pool.query({
    name: 'write-log-starts',
    text: `INSERT INTO log_start (topic_id, partition, incarnation, "offset", seen_before, seen_at)
     SELECT r.topic_id, r.partition, r.incarnation, r.start, $5, $6
     FROM unnest($1::int[], $2::int[], $3::text[], $4::bigint[]) AS r (topic_id, partition, incarnation, start)
     ON CONFLICT (topic_id, partition, incarnation, "offset") DO NOTHING`,
    values: [
      starts.map((start) => start.topicId),
      starts.map((start) => start.partition),
      starts.map((start) => start.incarnation ?? ''),
      starts.map((item) => item.start.toString()),
      before,
      at,
    ],
  });
}
