import type { Content, Seen, TroubledPartition } from '@/lib/domain/episodes/episode';
import type { Since } from '@/lib/domain/groups/judge/types';
import { standingOf, type Verdict } from '@/lib/domain/groups/verdict';
import { groupBy } from '@/lib/values/group-by';
import { maxOf, sumOf } from '@/lib/values/totals';
import type { MeasuredGroup, MeasuredPartition } from './measured';

/** Partitions of a trouble that are named. */
const MAX_WORST = 3;

/** Verdicts that other kinds of episodes are of, or that are no trouble of a group. */
const OF_OTHERS: ReadonlySet<Verdict> = new Set<Verdict>(['no_data', 'moved_back', 'waits_turn']);

/** A client that was a member of a group. */
export type LastMember = { member: string; host: string } | null;

/** The troubles of a group now: one for each verdict of its partitions that needs attention. */
export function troublesOf(group: MeasuredGroup, at: number, isExpected: boolean, last: LastMember): Seen[] {
  if (group.isMeasuring) return [];
  const byVerdict = groupBy(
    group.partitions.filter((item) => !item.isMeasuring),
    (item) => item.verdict,
  );
  // Turns of a member make a verdict of the group that none of its partitions has.
  const verdicts = new Set([group.verdict, ...byVerdict.keys()]);
  return [...verdicts].flatMap((verdict): Seen[] => {
    if (OF_OTHERS.has(verdict)) return [];
    const partitions = byVerdict.get(verdict) ?? [];
    const since = sinceOf(group, verdict, partitions);
    const judged = { verdict, sinceMs: since.at, isExpected, losses: 0, losesInSeconds: null };
    if (standingOf(judged, at) !== 'needs_a_look') return [];
    const content = contentOf(group, verdict, partitions, last);
    return [{ ...content, began: since.at, beganEarliest: since.isAtLeast ? null : since.at }];
  });
}

function sinceOf(group: MeasuredGroup, verdict: Verdict, partitions: readonly MeasuredPartition[]): Since {
  if (group.verdict === verdict) return group.since;
  const [first] = partitions.map(({ since }) => since).sort((a, b) => a.at - b.at);
  return first ?? group.since;
}

function contentOf(
  group: MeasuredGroup,
  verdict: Verdict,
  partitions: readonly MeasuredPartition[],
  last: LastMember,
): Content {
  const lag = sumOf(partitions.map((item) => item.lag)) ?? group.lag;
  if (verdict === 'no_members') {
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    return {
      kind: 'no_members',
      subject: { group: group.name },
      figures: { waiting: lag, peakLag: lag, topics, last },
    };
  }
  const worst = partitions.toSorted((a, b) => (b.lag ?? 0) - (a.lag ?? 0)).slice(0, MAX_WORST);
  return {
    kind: 'group_trouble',
    subject: { group: group.name, verdict },
    figures: {
      lag,
      peakLag: lag,
      peakDelaySeconds: maxOf(partitions.map((item) => item.delaySeconds)),
      partitions: partitions.length,
      worst: worst.map(placeOf),
    },
  };
}

function placeOf({ topic, partition, position, member, host, lag }: MeasuredPartition): TroubledPartition {
  return { topic, partition, position, member, host, lag };
}
