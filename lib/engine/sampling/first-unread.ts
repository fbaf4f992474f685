import type { GroupAnswer } from './samples';
import type { JudgeState } from '@/lib/domain/groups/judge/state';
import type { PartitionSample } from '@/lib/domain/groups/judge/types';
import type { FirstRecords, Place } from './first-records';
import type { Clocks, Growth } from './clocks';

interface Wanted {
  sample: PartitionSample;
  place: Place;
  /** Time without a move, in milliseconds: the ones that would become stuck come first. */
  stillMs: number;
  /** The log end was not seen to pass the position, so that only the record shows how old it is. */
  isUnseen: boolean;
}

/**
 * Completes samples by what the logs have at the positions: whether anything can be read there, and since when it has waited.
 * Only positions that did not move, or whose delay cannot be seen otherwise, cost a read.
 * @param timed topics that delete by time: their clocks are proven wherever something is unread
 */
export async function readFirstUnread(
  answers: readonly GroupAnswer[],
  states: ReadonlyMap<string, JudgeState>,
  records: FirstRecords,
  clocks: Clocks,
  grown: readonly Growth[],
  timed: ReadonlySet<string>,
): Promise<void> {
  const wanted = answers.flatMap((answer) => wantedOf(answer, states.get(answer.group.name)));
  wanted.sort((a, b) => Number(b.isUnseen) - Number(a.isUnseen) || b.stillMs - a.stillMs);
  await records.look(wanted.map(({ place }) => place));
  const unproven = new Set([
    ...wanted.filter(({ isUnseen }) => isUnseen).map(({ place }) => place.topic),
    ...answers.flatMap(unreadTopics).filter((topic) => timed.has(topic)),
  ]);
  await clocks.prove(unproven, grown, answers[0]?.facts.at ?? 0);
  for (const { sample, place } of wanted) {
    const found = records.at(place);
    sample.readable = found.kind;
    if (found.kind !== 'some') continue;
    sample.firstUnreadAt = found.timestamp;
    sample.isTimeProven = found.isLogAppendTime || (clocks.isProven(place.topic) && found.isInOrder);
  }
}

/** Topics of which a group has something unread. */
function unreadTopics({ samples }: GroupAnswer): string[] {
  return [...samples].flatMap(([place, { position, stable }]) =>
    position !== null && position !== undefined && position < stable
      ? [place.slice(0, place.lastIndexOf('/'))]
      : [],
  );
}

function wantedOf({ samples }: GroupAnswer, state: JudgeState | undefined): Wanted[] {
  return [...samples].flatMap(([key, sample]): Wanted[] => {
    const { position, start, stable } = sample;
    if (position === null || position === undefined || sample.brokerLag !== undefined) return [];
    const offset = Math.max(position, start);
    if (offset >= stable) return [];
    const before = state?.partitions[key];
    const isMoving = before !== undefined && before.position !== position;
    const first = before?.ends.find(([, end]) => end <= offset);
    const isUnseen = first === undefined;
    if (isMoving && !isUnseen) return [];
    const separator = key.lastIndexOf('/');
    const place = {
      topic: key.slice(0, separator),
      partition: Number(key.slice(separator + 1)),
      offset,
      stable,
    };
    return [{ sample, place, stillMs: before?.stillMs ?? 0, isUnseen }];
  });
}
