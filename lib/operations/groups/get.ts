import { z } from 'zod';
import type { GroupView } from '@/lib/domain/group-views';
import { CourierError } from '@/lib/errors';
import { readGroupsNow, readLagNow } from '@/lib/store/lag/read-lag';
import { failuresNow } from '../failures/rows';
import { defineOperation } from '../operation';
import { groupRow, lagOf } from './figures';

/** One consumer group: its figures, partitions with who holds them, members. */
export const getGroup = defineOperation({
  name: 'groups.get',
  permission: 'groups.read',
  input: z.strictObject({ name: z.string().min(1).max(255) }),
  scope: ({ name }) => ({ group: name }),
  audit: null,
  async run(call, { name }): Promise<GroupView> {
    const { store, cluster, settings } = call;
    const group = (await readGroupsNow(store, cluster.id)).find((one) => one.name === name);
    if (!group) throw new CourierError('not_found', `There is no consumer group ${name} on ${cluster.name}.`);
    const [rows, failures] = await Promise.all([
      readLagNow(store, cluster.id, group.groupId),
      failuresNow(call),
    ]);
    const now = call.now();
    return {
      ...groupRow(now, settings.COURIER_SAMPLE_SECONDS, name, rows, group, []),
      at: now.toISOString(),
      failures: failures.filter((failure) => failure.group === name).length,
      partitions: rows
        .map((row) => ({
          topic: row.topic,
          partition: row.partition,
          committed: row.committed.toString(),
          end: row.end.toString(),
          lag: lagOf(row),
          behindSeconds: row.behindSeconds,
          rateIn: row.rateIn,
          rateOut: row.rateOut,
          member: row.member,
          host: row.host,
          movedAt: row.movedAt.toISOString(),
        }))
        .sort(
          (a, b) =>
            b.lag - a.lag || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition),
        ),
      memberList: group.members,
      reports: group.reports,
    };
  },
});
