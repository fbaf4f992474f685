/** Where positions are moved to. Times are ISO 8601. */
export type MoveTarget =
  | { kind: 'time'; at: string }
  | { kind: 'offset'; offset: string }
  /** So many messages before the end of each log. */
  | { kind: 'lag'; lag: number }
  | { kind: 'start' }
  | { kind: 'end' }
  /** Back to where another move took them from. */
  | { kind: 'undo' };

/**
 * What became of a move. `partly`: the broker moved some of its positions. `unclear`: the broker may have moved them, and they
 * are not where Courier saw or wanted them.
 */
export const MOVE_STATES = ['open', 'moved', 'partly', 'refused', 'unclear'] as const;
export type MoveState = (typeof MOVE_STATES)[number];

/** Why positions are not moved. */
export const MOVE_PROBLEMS = [
  /** The group has live members, which would not notice. */
  'has_members',
  /** The broker does not return whether it has members. */
  'members_unknown',
  /** Positions are not where they were when the move was planned. */
  'moved_on',
  /** A position would be outside of its log. */
  'outside_log',
  'not_allowed',
  /** The broker did not answer for too long. */
  'no_answer',
  'other',
] as const;
export type MoveProblem = (typeof MOVE_PROBLEMS)[number];

/** The begin and end of a log. */
export interface LogSpan {
  start: bigint;
  end: bigint;
}

export interface Destination {
  to: bigint;
  /** The end of the log that the position was limited to; null: it is as asked for. */
  limitedTo: 'start' | 'end' | null;
}

/**
 * The offset that a target means on one partition, limited to its log.
 * @param atTime first offset at or after the target's time; only of targets that are times
 */
export function destinationOf(
  target: Exclude<MoveTarget, { kind: 'undo' }>,
  { start, end }: LogSpan,
  atTime: bigint | null,
): Destination {
  switch (target.kind) {
    case 'start':
      return { to: start, limitedTo: null };
    case 'end':
      return { to: end, limitedTo: null };
    case 'lag':
      return limited(end - BigInt(target.lag), { start, end });
    case 'offset':
      return limited(BigInt(target.offset), { start, end });
    case 'time':
      return limited(atTime ?? end, { start, end });
  }
}

function limited(to: bigint, { start, end }: LogSpan): Destination {
  if (to < start) return { to: start, limitedTo: 'start' };
  if (to > end) return { to: end, limitedTo: 'end' };
  return { to, limitedTo: null };
}

/**
 * How many offsets a move skips and repeats. What left the log already is neither.
 * @param from null: there is no position; then everything before the new one is skipped
 */
export function effectOf(from: bigint | null, to: bigint, { start, end }: LogSpan) {
  const inLog = (offset: bigint) => (offset < start ? start : offset > end ? end : offset);
  const [before, after] = [inLog(from ?? start), inLog(to)];
  return {
    skipped: after > before ? Number(after - before) : 0,
    repeated: after < before ? Number(before - after) : 0,
  };
}
