import { useQueries } from '@tanstack/react-query';
import { STATUSES } from '@/lib/domain/messages/status';
import { ask } from './api';
import { pace } from './refresh';
import { requestOf, type MessageFilters } from './use-messages';

const EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
/** The longest span that is counted in one answer. */
const MAX_SPAN_MS = 31 * 24 * HOUR_MS;

/** How many messages fit a filter. */
export interface FilterCount {
  count: number;
  /** Whether these are all of them; otherwise there are at least so many. */
  isAll: boolean;
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
  const query = requestOf({ ...filter, before: null });
  // Clocks of producers may be ahead.
  const to = filter.to ? Date.parse(filter.to) : Date.now() + 48 * HOUR_MS;
  const from = filter.from ? Date.parse(filter.from) : to - HOUR_MS;
  if (filter.q === null && from < to && to - from <= MAX_SPAN_MS) {
    const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    const { bars, older, isCut, isOlderCut } = await ask('GET /api/messages/histogram', {
      query: { ...query, ...span },
      signal,
    });
    if (bars && (filter.from !== null || older)) {
      const within = STATUSES.flatMap((status) => bars[status]).reduce((sum, some) => sum + some, 0);
      const before =
        filter.from === null && older ? STATUSES.reduce((sum, status) => sum + older[status], 0) : 0;
      return { count: within + before, isAll: !isCut && (filter.from !== null || !isOlderCut) };
    }
  }
  // What words find is not counted beforehand.
  const { rows, next } = await ask('GET /api/messages', { query, signal });
  return { count: rows.length, isAll: next === null };
}
