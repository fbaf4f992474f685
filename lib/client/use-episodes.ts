import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { HappenedQuery } from '@/lib/contract/episodes';
import { ask } from './api';
import { pace } from './refresh';

const EVERY_MS = 10_000;

/** What happened in a span of time; one that ends now is read again as time passes. */
export function useEpisodes(query: HappenedQuery, isWanted = true) {
  return useQuery({
    queryKey: ['episodes', query],
    queryFn: ({ signal }) => ask('GET /api/episodes', { query, signal }),
    placeholderData: keepPreviousData,
    enabled: isWanted,
    refetchInterval: (state) => (query.to === undefined ? pace(state, EVERY_MS) : false),
  });
}
