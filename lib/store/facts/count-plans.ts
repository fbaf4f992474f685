import type { Fold, MessageRow } from '@/lib/domain/messages/fold';
import { statusOfMessage, statusOfOutcome } from '@/lib/domain/messages/status';
import { MESSAGES, type CountedAs, type StatusCounts } from './count-statuses';
import type { Known } from './lock-known';
import type { Numbers } from './numbers';

/** Outcome numbers by group id. */
export type Outcomes = ReadonlyMap<number, number>;

/** The outcomes that a fold has for each message that it has a delivery of. */
export function outcomesOf(fold: Fold, numbers: Numbers): Map<string, Map<number, number>> {
  const found = new Map<string, Map<number, number>>();
  for (const { messageId, group, outcome } of fold.deliveries.values()) {
    let of = found.get(messageId);
    if (!of) found.set(messageId, (of = new Map<number, number>()));
    of.set(numbers.groupOf(group) ?? 0, outcome);
  }
  return found;
}

const NONE: Outcomes = new Map();

/** Counts a message and its deliveries where they are now, and no longer where they were. @param incoming outcomes of this batch */
export function countMessage(
  counts: StatusCounts,
  numbers: Numbers,
  row: MessageRow,
  known: Known | undefined,
  incoming: Outcomes = NONE,
): void {
  const shapeId = numbers.shapeOf(row.description).id;
  const before = known?.outcomes ?? NONE;
  const after = joined(before, incoming);
  counts.move(
    row.id,
    MESSAGES,
    known ? countedAs(known.shapeId, known.row.committedAt !== null, known.sendFailed, before) : null,
    countedAs(
      shapeId,
      row.committedAt !== null,
      known?.sendFailed === true || row.sendFailedAt !== null,
      after,
    ),
  );
  for (const [groupId, outcome] of after) {
    const was = before.get(groupId);
    counts.move(
      row.id,
      groupId,
      known && was !== undefined ? { shapeId: known.shapeId, status: statusOfOutcome(was) } : null,
      { shapeId, status: statusOfOutcome(outcome) },
    );
  }
}

/** Takes a message and its deliveries out of the counts. */
export function uncountMessage(counts: StatusCounts, known: Known): void {
  const { row, shapeId, outcomes } = known;
  const status = countedAs(shapeId, row.committedAt !== null, known.sendFailed, outcomes);
  counts.move(row.id, MESSAGES, status, null);
  for (const [groupId, outcome] of outcomes)
    counts.move(row.id, groupId, { shapeId, status: statusOfOutcome(outcome) }, null);
}

function joined(before: Outcomes, incoming: Outcomes): Outcomes {
  if (incoming.size === 0) return before;
  const all = new Map(before);
  for (const [groupId, outcome] of incoming) all.set(groupId, Math.max(all.get(groupId) ?? 0, outcome));
  return all;
}

function countedAs(shapeId: number, committed: boolean, sendFailed: boolean, outcomes: Outcomes): CountedAs {
  const statuses = outcomes.size === 0 ? [] : [...outcomes.values()].map(statusOfOutcome);
  return { shapeId, status: statusOfMessage(committed, sendFailed, statuses) };
}
