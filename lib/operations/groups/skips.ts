import type { GroupView } from '@/lib/contract/groups';
import { skipStateOf } from '@/lib/domain/groups/skip';
import { SILENT_AFTER_MS } from '@/lib/domain/services/silence';
import { hasLiveInstance, readSkips } from '@/lib/store/groups/skips';
import type { Context } from '@/lib/context/context';

/** Commands that a page shows. */
const SKIPS = 3;

/** The last skipped records of a group, and whether it takes commands now. */
export async function skipsOf(
  { store, cluster }: Pick<Context, 'store' | 'cluster'>,
  { groupId, name, reports }: { groupId: number; name: string; reports: boolean },
  now: Date,
): Promise<Pick<GroupView, 'skips' | 'canSkip'>> {
  if (!reports) return { skips: [], canSkip: false };
  const since = new Date(now.getTime() - SILENT_AFTER_MS);
  const skips = (await readSkips(store, groupId, SKIPS)).map((skip) => ({
    id: skip.id,
    topic: skip.topic,
    partition: skip.partition,
    offset: skip.offset,
    by: skip.operatorName,
    at: skip.createdAt.toISOString(),
    reason: skip.reason,
    state: skipStateOf(skip, now),
    doneBy: skip.doneBy,
  }));
  return { skips, canSkip: await hasLiveInstance(store, cluster.id, name, since) };
}
