import type { Content, Figures } from './episode';

/** Names that a figure keeps. */
const MAX_NAMES = 5;

/**
 * Figures of an episode after another measurement: what began only grows, peaks only rise, the others follow. Of losses and
 * rebalances a measurement has what is new.
 */
export function grown(before: Content, seen: Content): Content {
  if (before.kind === 'group_trouble' && seen.kind === 'group_trouble')
    return { ...before, figures: ofTrouble(before.figures, seen.figures) };
  if (before.kind === 'no_members' && seen.kind === 'no_members')
    return {
      ...before,
      figures: {
        ...seen.figures,
        peakLag: highest(before.figures.peakLag, seen.figures.peakLag),
        last: before.figures.last ?? seen.figures.last,
      },
    };
  if (before.kind === 'data_loss' && seen.kind === 'data_loss')
    return { ...before, figures: ofLoss(before.figures, seen.figures) };
  if (before.kind === 'rebalances' && seen.kind === 'rebalances')
    return {
      ...before,
      figures: {
        count: before.figures.count + seen.figures.count,
        left: names(before.figures.left, seen.figures.left),
        joined: names(before.figures.joined, seen.figures.joined),
      },
    };
  if (before.kind === 'broker_away' && seen.kind === 'broker_away')
    return {
      ...before,
      figures: {
        error: seen.figures.error ?? before.figures.error,
        groups: highest(before.figures.groups, seen.figures.groups),
      },
    };
  return before.kind === seen.kind ? seen : before;
}

function ofTrouble(
  before: Figures['group_trouble'],
  seen: Figures['group_trouble'],
): Figures['group_trouble'] {
  return {
    ...seen,
    peakLag: highest(before.peakLag, seen.peakLag),
    peakDelaySeconds: highest(before.peakDelaySeconds, seen.peakDelaySeconds),
  };
}

function ofLoss(before: Figures['data_loss'], seen: Figures['data_loss']): Figures['data_loss'] {
  if (seen.records === 0) return before;
  return {
    records: before.records + seen.records,
    from: BigInt(seen.from) < BigInt(before.from) ? seen.from : before.from,
    to: BigInt(seen.to) > BigInt(before.to) ? seen.to : before.to,
    isCertain: before.isCertain || seen.isCertain,
  };
}

/** The higher of two figures; one that is not known does not count. */
function highest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function names(before: readonly string[], seen: readonly string[]): string[] {
  return [...new Set([...before, ...seen])].slice(0, MAX_NAMES);
}
