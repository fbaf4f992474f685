import { groupBy } from '@/lib/values/group-by';
import type { GroupListRow } from '@/lib/contract/groups';
import { retryGroupOf } from '@/lib/protocol/topics';
import { readGroupsNow, readLagNow } from '@/lib/store/lag/read-lag';
import type { Context } from '@/lib/context/context';
import { byTrouble, groupRow } from './figures';

/** Groups as they are now, in order of trouble, without their past. The retry group that an SDK announced is part of its group. */
export async function groupsNow(context: Context): Promise<(GroupListRow & { id: number })[]> {
  const { store, cluster, settings } = context;
  const [groups, lag] = await Promise.all([readGroupsNow(store, cluster.id), readLagNow(store, cluster.id)]);
  const byGroup = groupBy(lag, (row) => row.groupId);
  const retryGroups = new Set(
    groups.filter((group) => group.hasRetryTopic).map((group) => retryGroupOf(group.name)),
  );
  const now = context.now();
  return groups
    .filter((group) => !retryGroups.has(group.name))
    .map((group) => ({
      id: group.groupId,
      ...groupRow(
        now,
        settings.COURIER_SAMPLE_SECONDS,
        group.name,
        byGroup.get(group.groupId) ?? [],
        group,
        [],
      ),
    }))
    .sort(byTrouble);
}
