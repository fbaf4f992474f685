import { z } from 'zod';
import type { GroupListRow } from '@/lib/domain/group-views';
import { readLagChunks } from '@/lib/store/lag/read-lag';
import { defineOperation } from '../operation';
import { linesOf } from './figures';
import { groupsNow } from './now';

const HOUR_MS = 3_600_000;

/** Consumer groups in order of trouble, with the last hour of their lag. */
export const listGroups = defineOperation({
  name: 'groups.list',
  permission: 'groups.read',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<{ at: string; everySeconds: number; groups: GroupListRow[] }> {
    const now = call.now();
    const from = new Date(now.getTime() - HOUR_MS);
    const groups = await Promise.all(
      (await groupsNow(call)).map(async ({ id, ...group }) => {
        const chunks = await readLagChunks(call.store, id, from, now);
        const spark = linesOf(chunks, from.getTime(), now.getTime(), 60, () => 'all').get('all') ?? [];
        return { ...group, spark };
      }),
    );
    return { at: now.toISOString(), everySeconds: call.settings.COURIER_SAMPLE_SECONDS, groups };
  },
});
