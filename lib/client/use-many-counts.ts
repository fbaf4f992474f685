import { useQueries, useQuery } from '@tanstack/react-query';
import { STATUSES, type Status } from '@/lib/domain/messages/status';
import { ask } from './api';
import { pace } from './refresh';
import { requestOf, type MessageFilters } from './use-messages';

const EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
/** The longest span that is counted in one answer. */
const MAX_SPAN_MS = 31 * 24 * HOUR_MS;

type Counts = Record<Status, number>;

/** How many messages of each status are in the time of a filter, and how many are older than that. */
export interface RangeCounts {
  within: Counts;
  before: Counts;
  /** Whether there may be more in the time, and before it. */
  isCut: boolean;
  isBeforeCut: boolean;
}

/** How many messages fit a filter. */
export interface FilterCount {
  count: number;
  /** Whether these are all of them; otherwise there are at least so many. */
  isAll: boolean;
}

/** Counts in the exact time of a filter and before it; null where they are not known beforehand, as for words. */
export function useRangeCounts(filters: MessageFilters, enabled: boolean) {
  return useQuery({
    queryKey: ['messages', 'range', requestOf({ ...filters, before: null })],
    queryFn: ({ signal }) => countRange(filters, signal),
    refetchInterval: (query) => pace(query, EVERY_MS),
    enabled,
  });
}

/** How many messages fit each of several filters, in the order asked for; undefined while an answer is not there. */
export function useManyCounts(filters: MessageFilters[]): (FilterCount | undefined)[] {
  return useQueries({
    queries: filters.map((filter) => ({
      queryKey: ['messages', 'count', requestOf(filter)],
      queryFn: ({ signal }: { signal: AbortSignal }) => count(filter, signal),
      refetchInterval: (request: { state: { data: unknown; error: Error | null } }) =>
        pace(request, EVERY_MS),
    })),
    combine: (results) => results.map(({ data }) => data),
  });
}

async function count(filter: MessageFilters, signal: AbortSignal): Promise<FilterCount> {
  const counts = await countRange(filter, signal);
  if (counts) return { count: sumOf(counts.within), isAll: !counts.isCut };
  // What words find is not counted beforehand.
  const query = requestOf({ ...filter, before: null });
  const { rows, next } = await ask('GET /api/messages', { query, signal });
  return { count: rows.length, isAll: next === null };
}

async function countRange(filter: MessageFilters, signal: AbortSignal): Promise<RangeCounts | null> {
  // Clocks of producers may be ahead.
  const to = filter.to ? Date.parse(filter.to) : Date.now() + 48 * HOUR_MS;
  const from = filter.from ? Date.parse(filter.from) : to - HOUR_MS;
  if (filter.q !== null || from >= to || to - from > MAX_SPAN_MS) return null;
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const { bars, older, isCut, isOlderCut } = await ask('GET /api/messages/histogram', {
    query: { ...requestOf({ ...filter, before: null }), ...span },
    signal,
  });
  if (!bars || !older) return null;
  const inBars = countsOf((status) => bars[status].reduce((sum, some) => sum + some, 0));
  if (filter.from !== null) return { within: inBars, before: older, isCut, isBeforeCut: isOlderCut };
  // Without a beginning, whatever is older is within.
  const within = countsOf((status) => inBars[status] + older[status]);
  return { within, before: countsOf(() => 0), isCut: isCut || isOlderCut, isBeforeCut: false };
}

function countsOf(of: (status: Status) => number): Counts {
  return Object.fromEntries(STATUSES.map((status) => [status, of(status)])) as Counts;
}

function sumOf(counts: Counts): number {
  return STATUSES.reduce((sum, status) => sum + counts[status], 0);
}
