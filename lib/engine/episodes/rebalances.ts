import type { Seen } from '@/lib/domain/episodes/episode';
import type { MeasuredGroup } from './measured';

/** So many rebalances within this time are an episode, which ends after the same time without one. */
const MANY = 3;
const WITHIN_MS = 5 * 60_000;
const MAX_NAMES = 5;

const REBALANCING: ReadonlySet<string> = new Set([
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
  'NotReady',
]);

interface Known {
  isRebalancing: boolean;
  assignment: string;
  /** Names of clients by their member ids. */
  members: Map<string, string>;
  /** Times of the rebalances of the last minutes. */
  times: number[];
  /** Whether they are an episode already. */
  isMany: boolean;
  left: string[];
  joined: string[];
}

/** Counts the rebalances of groups, as far as measurements show them: two between two measurements are one. */
export class Rebalances {
  private groups = new Map<string, Known>();

  /** Forgets groups that are not there any more. */
  keep(listed: ReadonlySet<string>): void {
    for (const name of this.groups.keys()) if (!listed.has(name)) this.groups.delete(name);
  }

  /** The episode of a group that rebalances again and again; null: it does not. */
  add(group: MeasuredGroup, at: number): Seen | null {
    if (group.members === null) return null;
    const before = this.groups.get(group.name);
    const now = knownOf(group, before);
    this.groups.set(group.name, now);
    if (!before) return null;
    now.times = before.times.filter((time) => at - time < WITHIN_MS);
    const isNew = hasRebalanced(before, now);
    if (isNew) {
      now.times.push(at);
      now.left = named(before.left, missingIn(now.members, before.members));
      now.joined = named(before.joined, missingIn(before.members, now.members));
    }
    now.isMany = now.times.length > 0 && (before.isMany || now.times.length >= MANY);
    const [first] = now.times;
    const last = now.times.at(-1);
    if (!now.isMany || first === undefined || last === undefined) {
      if (now.times.length === 0) Object.assign(now, { left: [], joined: [] });
      return null;
    }
    const count = before.isMany ? Number(isNew) : now.times.length;
    return {
      kind: 'rebalances',
      subject: { group: group.name },
      figures: { count, left: now.left, joined: now.joined },
      began: first,
      beganEarliest: first,
      lastAt: last,
    };
  }
}

function knownOf(group: MeasuredGroup, before: Known | undefined): Known {
  const members = [...(group.members ?? [])].sort((a, b) => (a.id < b.id ? -1 : 1));
  const isRebalancing = REBALANCING.has(group.state);
  const assignment = JSON.stringify(members.map(({ id, assignment }) => [id, assignment]));
  return {
    isRebalancing,
    // While it rebalances, members hold nothing, which is no further rebalance.
    assignment: isRebalancing ? (before?.assignment ?? assignment) : assignment,
    members: new Map(members.map(({ id, clientId }) => [id, clientId])),
    times: [],
    isMany: false,
    left: before?.left ?? [],
    joined: before?.joined ?? [],
  };
}

function hasRebalanced(before: Known, now: Known): boolean {
  if (now.isRebalancing) return !before.isRebalancing;
  return !before.isRebalancing && before.assignment !== now.assignment;
}

function missingIn(members: Map<string, string>, of: Map<string, string>): string[] {
  return [...of].filter(([id]) => !members.has(id)).map(([, name]) => name);
}

function named(before: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...before, ...more])].slice(0, MAX_NAMES);
}
