import type { GroupDescription, GroupPosition, PartitionEnds } from '@/lib/brokers/broker';
import {
  GROUP_STATES,
  type GroupSample,
  type GroupState,
  type PartitionSample,
} from '@/lib/domain/groups/judge/types';
import { partitionText } from '@/lib/protocol/position';
import { groupBy } from '@/lib/values/group-by';

/** What one round of requests found, by name. */
export interface Answers {
  at: number;
  periodMs: number;
  /** Groups whose coordinators answered. */
  groups: GroupDescription[];
  positions: GroupPosition[];
  ends: PartitionEnds[];
  /** Last stable offsets by `<topic>/<partition>`. */
  stable: ReadonlyMap<string, bigint>;
}

/** One group of a round. */
export interface GroupAnswer {
  group: GroupDescription;
  facts: GroupSample;
  samples: Map<string, PartitionSample>;
  /** Who holds a partition. */
  holders: Map<string, { clientId: string; host: string }>;
}

/** States of streams groups (KIP-1071) that others do not have. */
const SAME: Record<string, GroupState> = { NotReady: 'Reconciling' };

/** The state in the judge's terms; null for one of a group that is ending or not loaded. */
function stateOf({ state }: GroupDescription): GroupState | null {
  return GROUP_STATES.find((known) => known === state) ?? SAME[state] ?? null;
}

/**
 * Makes of the answers one sample of each group. A partition that a group holds, or that belongs to a topic which it reads, is
 * in it also without a position. A group in a state that cannot be judged is left out.
 */
export function samplesOf(answers: Answers): GroupAnswer[] {
  const positions = groupBy(answers.positions, (position) => position.group);
  const byTopic = groupBy(answers.ends, (end) => end.topic);
  return answers.groups.flatMap((group) => {
    const state = stateOf(group);
    if (state === null) return [];
    const holders = holdersOf(group);
    const committed = new Map((positions.get(group.name) ?? []).map((item) => [partitionText(item), item]));
    const topics = new Set([...committed.values()].map(({ topic }) => topic));
    for (const member of group.members ?? []) for (const { topic } of member.assignment) topics.add(topic);
    const samples = new Map<string, PartitionSample>();
    for (const topic of topics)
      for (const log of byTopic.get(topic) ?? []) {
        const place = partitionText(log);
        const sample = sampleOf(answers, log, committed.get(place), holders.get(place)?.id ?? null);
        const isShare = group.type === 'share';
        samples.set(place, isShare ? { ...sample, brokerLag: shareLag(committed.get(place)) } : sample);
      }
    const facts: GroupSample = {
      at: answers.at,
      periodMs: answers.periodMs,
      state,
      members: group.members?.length ?? null,
      isSimple: group.isSimple === true,
    };
    return [{ group, facts, samples, holders }];
  });
}

/** Lag of a share group. One that was never read has the position -1 and no lag. */
const shareLag = (position: GroupPosition | undefined): number | null =>
  position?.lag === undefined || position.lag === null ? null : Number(position.lag);

function sampleOf(
  answers: Answers,
  log: PartitionEnds,
  position: GroupPosition | undefined,
  holder: string | null,
): PartitionSample {
  const end = Number(log.end);
  return {
    at: answers.at,
    position: position === undefined ? null : position.offset === null ? undefined : Number(position.offset),
    start: Number(log.start),
    end,
    // Asked for after the end, so it may be beyond it.
    stable: Math.min(end, Number(answers.stable.get(partitionText(log)) ?? log.end)),
    firstUnreadAt: null,
    isTimeProven: false,
    readable: 'unknown',
    holder,
  };
}

function holdersOf(group: GroupDescription): Map<string, { id: string; clientId: string; host: string }> {
  const holders = new Map<string, { id: string; clientId: string; host: string }>();
  for (const member of group.members ?? [])
    for (const { topic, partitions } of member.assignment)
      for (const partition of partitions) holders.set(partitionText({ topic, partition }), member);
  return holders;
}
