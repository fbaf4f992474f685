import { z } from 'zod';
import type { GroupWithFailures } from '@/lib/contract/groups';
import { readLagChunks } from '@/lib/store/lag/read-lag';
import { failuresNow } from '../failures/rows';
import { defineOperation } from '../operation';
import { linesOf } from './lines';
import { groupsNow } from './now';

const HOUR_MS = 3_600_000;

/** Consumer groups in order of trouble, with the last hour of their lag. */
export const listGroups = defineOperation({
  name: 'groups.list',
  permission: 'groups.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<{ at: string; everySeconds: number; groups: GroupWithFailures[] }> {
    const now = call.now();
    const from = new Date(now.getTime() - HOUR_MS);
    const [known, failures] = await Promise.all([groupsNow(call), failuresNow(call)]);
    const chunks = await readLagChunks(
      call.store,
      known.map(({ id }) => id),
      from,
      now,
    );
    const groups = known.map(({ id, ...group }) => {
      const lines = linesOf(chunks.get(id) ?? [], from.getTime(), now.getTime(), 60, () => 'all');
      return {
        ...group,
        spark: lines.get('all') ?? [],
        failures: failures.filter((failure) => failure.group === group.name).length,
      };
    });
    return { at: now.toISOString(), everySeconds: call.settings.COURIER_SAMPLE_SECONDS, groups };
  },
  within: (list, sees) => ({ ...list, groups: list.groups.filter((group) => sees.group(group.name)) }),
});
