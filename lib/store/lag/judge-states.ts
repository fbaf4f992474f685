import type { GroupType } from '@/lib/domain/groups/group-type';
import type { JudgeState } from '@/lib/domain/groups/judge/state';
import type { Queryable } from '@/lib/postgres';

/** What the judge keeps of the groups of a cluster; null of a group that release 0.1 measured. */
export async function readJudgeStates(
  store: Queryable,
  clusterId: number,
): Promise<{ groupId: number; group: string; type: GroupType; state: JudgeState | null }[]> {
  const { rows } = await store.query<{
    group_id: number;
    name: string;
    type: GroupType;
    judge_state: JudgeState | null;
  }>(
    `SELECT n.group_id, g.name, n.type, n.judge_state FROM group_now n JOIN consumer_group g ON g.id = n.group_id
     WHERE g.cluster_id = $1`,
    [clusterId],
  );
  return rows.map((row) => ({
    groupId: row.group_id,
    group: row.name,
    type: row.type,
    state: row.judge_state,
  }));
}
