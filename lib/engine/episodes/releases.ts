import type { Seen } from '@/lib/domain/episodes/episode';
import type { StoredRelease } from '@/lib/store/episodes/releases';
import { groupBy } from '@/lib/values/group-by';

/** A host that has not reported for this long runs its release no more. */
export const SILENT_MS = 3_600_000;

/** What runs on the hosts of services now: of each service and host the release that started last. */
export function runningReleases(stored: readonly StoredRelease[], followedSince: number | null): Seen[] {
  const ofHost = groupBy(stored, ({ service, host }) => JSON.stringify([service, host]));
  return [...ofHost.values()].flatMap((list): Seen[] => {
    const [newest, former] = list.toSorted((a, b) => b.lastStart.getTime() - a.lastStart.getTime());
    if (!newest) return [];
    const { service, release, host, groups } = newest;
    // A release that came back began when it started again, after the other one.
    const isBack = former !== undefined && former.lastStart > newest.firstStart;
    const began = (isBack ? newest.lastStart : newest.firstStart).getTime();
    return [
      {
        kind: 'release',
        subject: { service, release, host },
        figures: { groups },
        began,
        beganEarliest: followedSince !== null && began >= followedSince ? began : null,
        lastAt: newest.lastSeen.getTime(),
      },
    ];
  });
}
