import { groupBy } from '@/lib/values/group-by';
import type { GroupListRow } from '@/lib/contract/groups';
import { readGroupsNow, readLagNow } from '@/lib/store/lag/read-lag';
import type { Context } from '@/lib/context/context';
import { byTrouble, groupRow } from './figures';

/** Groups as they are now, in order of trouble, without their past. Retry groups are part of the group they belong to. */
export async function groupsNow(context: Context): Promise<(GroupListRow & { id: number })[]> {
  const { store, cluster, settings } = context;
  const [groups, lag] = await Promise.all([readGroupsNow(store, cluster.id), readLagNow(store, cluster.id)]);
  const byGroup = groupBy(lag, (row) => row.groupId);
  const names = new Set(groups.map((group) => group.name));
  const now = context.now();
  return groups
    .filter((group) => !(group.name.endsWith('.retry') && names.has(group.name.slice(0, -'.retry'.length))))
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
