import { groupBy } from '@/lib/values/group-by';
import type { Standing } from '@/lib/domain/groups/verdict';
import type { GroupFigures } from '@/lib/contract/groups';
import { retryGroupOf } from '@/lib/protocol/topics';
import { readGroupsNow } from '@/lib/store/lag/read-lag';
import { readExpectations } from '@/lib/store/groups/expectations';
import { readLosses } from '@/lib/store/groups/losses';
import type { Context } from '@/lib/context/context';
import { byTrouble, groupRow } from './figures';

/** Groups as they are now, in order of trouble, without their past. The retry group that an SDK announced is part of its group. */
export async function groupsNow(context: Context): Promise<(GroupFigures & { id: number })[]> {
  const { store, cluster, settings } = context;
  const [groups, losses, expectations] = await Promise.all([
    readGroupsNow(store, cluster.id),
    readLosses(store, cluster.id),
    readExpectations(store, cluster.id),
  ]);
  const lossesOf = groupBy(losses, (loss) => loss.groupId);
  const expectationOf = new Map(expectations.map((item) => [item.groupId, item]));
  const retryGroups = new Set(
    groups.filter((group) => group.hasRetryTopic).map((group) => retryGroupOf(group.name)),
  );
  const now = context.now();
  return groups
    .filter((group) => !retryGroups.has(group.name))
    .map((group) => ({
      id: group.groupId,
      ...groupRow(now, settings.COURIER_SAMPLE_SECONDS, group, {
        losses: lossesOf.get(group.groupId) ?? [],
        expectation: expectationOf.get(group.groupId),
      }),
    }))
    .sort(byTrouble);
}

/** How many groups are in each of the four; they add up to all. */
export function standingsOf(groups: readonly { standing: Standing }[]): Record<Standing, number> {
  const counts = { needs_a_look: 0, on_its_way: 0, well: 0, not_known: 0 };
  for (const { standing } of groups) counts[standing] += 1;
  return counts;
}
