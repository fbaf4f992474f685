import { FAILING_DELIVERY } from '@/lib/domain/messages/status';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { FailureKey } from '@/lib/contract/failures';
import { NONE } from '@/lib/contract/paths';
import { ask } from './api';
import { pace } from './refresh';

const EVERY_MS = 5_000;

export function useFailures() {
  return useQuery({
    queryKey: ['failures'],
    queryFn: ({ signal }) => ask('GET /api/failures', { signal }),
    refetchInterval: (query) => pace(query, EVERY_MS),
  });
}

export function useFailure({ group, type, error }: FailureKey) {
  const params = { group, type, error };
  return useQuery({
    queryKey: ['failure', params],
    queryFn: ({ signal }) => ask('GET /api/failures/{group}/{type}/{error}', { params, signal }),
    refetchInterval: (query) => pace(query, EVERY_MS),
    retry: false,
  });
}

/** Messages of a failure, newest first. */
export function useMembers(key: FailureKey, before: string | null) {
  const query = {
    group: key.group,
    type: key.type ?? NONE,
    error: key.error ?? NONE,
    status: [...FAILING_DELIVERY],
    ...(before ? { before } : {}),
  };
  return useQuery({
    queryKey: ['members', query],
    queryFn: ({ signal }) => ask('GET /api/messages', { query, signal }),
    refetchInterval: (query) => pace(query, EVERY_MS),
    placeholderData: keepPreviousData,
  });
}
