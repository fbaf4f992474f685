import { z } from 'zod';
import { groupBy } from '@/lib/domain/group-by';
import type { GroupListRow } from '@/lib/domain/views';
import { readGroupsNow, readLagChunks, readLagNow } from '@/lib/store/lag/read-lag';
import { defineOperation } from '../operation';
import { byTrouble, groupRow, linesOf } from './figures';

const HOUR_MS = 3_600_000;

/** Consumer groups in order of trouble. Groups that read only retry topics are shown with the group they belong to. */
export const listGroups = defineOperation({
  name: 'groups.list',
  permission: 'groups.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<{ at: string; everySeconds: number; groups: GroupListRow[] }> {
    const { store, cluster, settings } = call;
    const now = call.now();
    const [groups, lag] = await Promise.all([
      readGroupsNow(store, cluster.id),
      readLagNow(store, cluster.id),
    ]);
    const byGroup = groupBy(lag, (row) => row.groupId);
    const names = new Set(groups.map((group) => group.name));
    const shown = groups.filter(
      (group) => !(group.name.endsWith('.retry') && names.has(group.name.slice(0, -'.retry'.length))),
    );
    const from = new Date(now.getTime() - HOUR_MS);
    const rows = await Promise.all(
      shown.map(async (group) => {
        const chunks = await readLagChunks(store, group.groupId, from, now);
        const line = linesOf(chunks, from.getTime(), now.getTime(), 60, () => 'all').get('all') ?? [];
        return groupRow(
          now,
          settings.COURIER_SAMPLE_SECONDS,
          group.name,
          byGroup.get(group.groupId) ?? [],
          group,
          line,
        );
      }),
    );
    return {
      at: now.toISOString(),
      everySeconds: settings.COURIER_SAMPLE_SECONDS,
      groups: rows.sort(byTrouble),
    };
  },
});
