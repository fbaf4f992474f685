import { NOT_READ } from '@/lib/domain/groups/verdict';
import type { GroupView, LagSeries } from '@/lib/contract/groups';

type Partition = Pick<GroupView['partitions'][number], 'risk' | 'drain' | 'rateIn' | 'rateOut' | 'verdict'>;

/** How a lag goes on if nothing changes. Times are milliseconds since 1970. */
export interface LagForecast {
  points: { at: number; value: number }[];
  /** Whether it ends where the first unread record is deleted. */
  isLoss: boolean;
}

/** A forecast is drawn for at most so many times the measured span: the rates of a longer future are unknown. */
const MAX_OF_SPAN = 1.5;

/**
 * The future of a partition's lag at the present rates, to where it is empty, to where retention deletes the first unread record,
 * or for half of the measured span. null where the lag neither grows nor has a time to be empty.
 */
export function forecastOf(
  { from, stepSeconds }: Pick<LagSeries, 'from' | 'stepSeconds'>,
  values: readonly (number | null)[],
  { risk, drain, rateIn, rateOut, verdict }: Partition,
): LagForecast | null {
  const last = values.findLastIndex((value) => value !== null);
  const value = values[last] ?? null;
  if (value === null || verdict === 'no_data') return null;
  const now = Date.parse(from) + last * stepSeconds * 1_000;
  const spanSeconds = Math.max(60, last * stepSeconds);
  const start = { at: now, value };
  const after = (seconds: number, then: number) => ({ at: now + Math.round(seconds * 1_000), value: then });
  const longestSeconds = spanSeconds * MAX_OF_SPAN;
  if (drain.kind === 'time') {
    const seconds = (drain.lowSeconds + drain.highSeconds) / 2;
    if (seconds <= 0) return null;
    const shown = Math.min(seconds, longestSeconds);
    return { points: [start, after(shown, value * (1 - shown / seconds))], isLoss: false };
  }
  const gain = (rateIn ?? 0) - (NOT_READ.has(verdict) ? 0 : (rateOut ?? 0));
  if (drain.kind !== 'never' || gain <= 0) return null;
  const lossSeconds = risk?.kind === 'at' ? risk.presentSeconds : null;
  const isLoss = lossSeconds !== null && lossSeconds > 0 && lossSeconds <= longestSeconds;
  const seconds = isLoss ? lossSeconds : spanSeconds / 2;
  return { points: [start, after(seconds, value + gain * seconds)], isLoss };
}
