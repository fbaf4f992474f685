import type { Verdict } from '../groups/verdict';
import { groupOf, type Cause, type CauseRule, type Episode, type Seen } from './episode';

/** What a new release does to a group shows within this time. */
export const RELEASE_SHOWS_MS = 15 * 60_000;
/** Samples around an outage within which a trouble comes from it. */
const SAMPLES_BEFORE = 1;
const SAMPLES_AFTER = 2;

/** Verdicts that a time without a reader leads to. */
const OF_ABSENCE: ReadonlySet<Verdict> = new Set<Verdict>(['falling_behind', 'stays_behind']);
/** Verdicts that a release leads to, whose members leave and come back with other code. */
const OF_RELEASE: ReadonlySet<Verdict> = new Set<Verdict>(['falling_behind', 'stays_behind', 'rebalancing']);

interface Rule {
  name: CauseRule;
  leadsTo(cause: Episode, effect: Seen, periodMs: number): boolean;
}

/** In the order in which they are tried. */
const RULES: readonly Rule[] = [
  {
    name: 'outage',
    leadsTo: (cause, effect, periodMs) =>
      (cause.kind === 'broker_away' ||
        (cause.kind === 'partition_offline' && touches(effect, cause.subject.topic))) &&
      (groupOf(effect) !== null || effect.kind === 'partition_offline') &&
      effect.kind !== 'position_moved' &&
      effect.began >= cause.began - SAMPLES_BEFORE * periodMs &&
      effect.began <= (cause.ended ?? Infinity) + SAMPLES_AFTER * periodMs,
  },
  {
    name: 'release',
    leadsTo: (cause, effect) =>
      cause.kind === 'release' &&
      cause.beganEarliest !== null &&
      (effect.kind === 'rebalances' ||
        effect.kind === 'no_members' ||
        (effect.kind === 'group_trouble' && OF_RELEASE.has(effect.subject.verdict))) &&
      cause.figures.groups.includes(effect.subject.group) &&
      effect.began >= cause.began &&
      effect.began <= cause.began + RELEASE_SHOWS_MS,
  },
  {
    name: 'no_members',
    leadsTo: (cause, effect, periodMs) =>
      cause.kind === 'no_members' &&
      cause.subject.group === groupOf(effect) &&
      (effect.kind === 'data_loss' ||
        (effect.kind === 'group_trouble' && OF_ABSENCE.has(effect.subject.verdict))) &&
      isDuring(cause, effect, periodMs),
  },
  {
    name: 'stuck',
    leadsTo: (cause, effect, periodMs) =>
      cause.kind === 'group_trouble' &&
      cause.subject.verdict === 'stuck' &&
      effect.kind === 'data_loss' &&
      cause.subject.group === effect.subject.group &&
      isDuring(cause, effect, periodMs),
  },
];

/** Whether an effect began while its cause lasted, or so soon after that it is the end of the same story. */
function isDuring(cause: Episode, effect: Seen, periodMs: number): boolean {
  return effect.began >= cause.began && effect.began <= (cause.ended ?? Infinity) + SAMPLES_AFTER * periodMs;
}

function touches(effect: Seen, topic: string): boolean {
  switch (effect.kind) {
    case 'data_loss':
      return effect.subject.topic === topic;
    case 'group_trouble':
      return effect.figures.worst.some((place) => place.topic === topic);
    case 'no_members':
      return effect.figures.topics.includes(topic);
    default:
      return false;
  }
}

/**
 * What led to something that begins: of the first rule that applies, the episode that began last. What began after it, or is
 * about the same, leads to nothing.
 * @param candidates episodes that are open, or ended not long ago
 */
export function causeOf(effect: Seen, candidates: readonly Episode[], periodMs: number): Cause | null {
  for (const rule of RULES) {
    const [cause] = candidates
      .filter((candidate) => candidate.kind !== effect.kind && rule.leadsTo(candidate, effect, periodMs))
      .sort((a, b) => b.began - a.began);
    if (cause) return { id: cause.id, root: cause.root, rule: rule.name };
  }
  return null;
}
