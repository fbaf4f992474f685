/** The position of a group on the partition of a message. */
export interface GroupPosition {
  group: string;
  /** Records between the position and the message; negative: the group read past it. */
  ahead: number;
}

/**
 * How far the groups that report nothing are with a message. Such a message is never waiting for them: their positions
 * alone show whether they read it.
 */
export type ReadState =
  | { kind: 'read_past'; group: string; more: number }
  | { kind: 'not_reached'; group: string; ahead: number; more: number }
  | { kind: 'nobody' };

/** What the positions of groups show: the one that is furthest from the message first. */
export function readStateOf(positions: readonly GroupPosition[]): ReadState {
  const [furthest] = [...positions].sort((a, b) => b.ahead - a.ahead || (a.group < b.group ? -1 : 1));
  if (!furthest) return { kind: 'nobody' };
  const { group, ahead } = furthest;
  if (ahead < 0) return { kind: 'read_past', group, more: positions.length - 1 };
  const open = positions.filter((position) => position.ahead >= 0);
  return { kind: 'not_reached', group, ahead, more: open.length - 1 };
}
