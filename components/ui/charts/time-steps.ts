/** The time axis of a histogram. */
export interface TimeSteps {
  /** When the first step begins, as ISO 8601. */
  from: string;
  stepSeconds: number;
  steps: number;
}

/** Steps of a histogram, `from` included and `to` not; fractions where a time range begins or ends within one. */
export interface StepRange {
  from: number;
  to: number;
}

/** The steps that a time range keeps; null where it keeps all. @param from as ISO 8601, or null for no limit */
export function stepsBetween(axis: TimeSteps, from: string | null, to: string | null): StepRange | null {
  if (!from && !to) return null;
  const begin = Date.parse(axis.from);
  const stepMs = axis.stepSeconds * 1_000;
  const stepOf = (time: string) => (Date.parse(time) - begin) / stepMs;
  return { from: from ? stepOf(from) : 0, to: to ? stepOf(to) : axis.steps };
}

/** Whether a step counts to a range: where more than half of it does. */
export function isWithin(step: number, range: StepRange | null): boolean {
  return range === null || (step + 0.5 >= range.from && step + 0.5 < range.to);
}

/** The sum of the counts of the steps that a range keeps. */
export function countWithin(counts: number[], range: StepRange | null): number {
  return counts.reduce((sum, count, step) => sum + (isWithin(step, range) ? count : 0), 0);
}
