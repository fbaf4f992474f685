import type { JudgeState } from '@/lib/domain/groups/judge/state';
import type { GroupJudgement, Loss } from '@/lib/domain/groups/judge/types';
import { partitionOfText, partitionText } from '@/lib/protocol/position';
import type { LagRow, LossRow, StoredJudgement } from '@/lib/store/lag/write-sample';
import type { GroupAnswer } from './samples';

export type SampledRow = LagRow & { group: string; topic: string };

/** A group of a sample, and what the judge concluded. */
export interface Judged {
  answer: GroupAnswer;
  judgement: GroupJudgement;
  state: JudgeState;
}

/** Losses by the names of their groups, as they are stored. */
export function lossesOf(
  losses: ReadonlyMap<string, readonly Loss[]>,
  topicIds: ReadonlyMap<string, number>,
  groupIds: ReadonlyMap<string, number>,
): LossRow[] {
  return [...losses].flatMap(([group, list]) =>
    list.map(({ partition: place, from, to, isCertain }) => {
      const { topic, partition } = partitionOfText(place);
      const ids = { groupId: groupIds.get(group) ?? 0, topicId: topicIds.get(topic) ?? 0 };
      return { ...ids, partition, from, to, isCertain };
    }),
  );
}

/** Topics that groups read. */
export function topicsOf(answers: readonly GroupAnswer[]): ReadonlySet<string> {
  return new Set(
    answers.flatMap(({ samples }) => [...samples.keys()].map((place) => partitionOfText(place).topic)),
  );
}

/** The row of the partition that decides a verdict, as it is stored with the group. */
export function worstOf(rows: readonly SampledRow[], worst: string | null): StoredJudgement['worstRow'] {
  const row = rows.find((item) => partitionText(item) === worst);
  if (!row) return null;
  const { topic, partition, member, host, rateIn, rateOut, judged } = row;
  return {
    topic,
    partition,
    lag: judged.lag,
    committed: row.committed?.toString() ?? null,
    end: row.end.toString(),
    member,
    host,
    movedAt: row.movedAt.toISOString(),
    rateIn,
    rateOut,
    movedBackFrom: judged.movedBackFrom,
  };
}
