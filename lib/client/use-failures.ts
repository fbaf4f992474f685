import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { failurePath, NONE } from '@/lib/contract/failure-path';
import type { FailureKey, FailureList, FailureView } from '@/lib/contract/failures';
import type { Abilities } from '@/lib/domain/operators/permissions';
import type { MessageList } from '@/lib/contract/messages';
import { get } from './api';
import { pace } from './refresh';

const EVERY_MS = 5_000;

export function useFailures() {
  return useQuery({
    queryKey: ['failures'],
    queryFn: ({ signal }) => get<FailureList & { can: Abilities }>('/api/failures', signal),
    refetchInterval: (query) => pace(query, EVERY_MS),
  });
}

export function useFailure(key: FailureKey) {
  const path = failurePath(key);
  return useQuery({
    queryKey: ['failure', path],
    queryFn: ({ signal }) => get<FailureView>(`/api${path}`, signal),
    refetchInterval: (query) => pace(query, EVERY_MS),
    retry: false,
  });
}

/** Messages of a failure, newest first. */
export function useMembers(key: FailureKey, before: string | null) {
  const query = new URLSearchParams({
    group: key.group,
    type: key.type ?? NONE,
    error: key.error ?? NONE,
    status: 'HANDLE_FAIL,PUSH_FAIL',
    ...(before ? { before } : {}),
  });
  return useQuery({
    queryKey: ['members', query.toString()],
    queryFn: ({ signal }) => get<MessageList>(`/api/messages?${query}`, signal),
    refetchInterval: (query) => pace(query, EVERY_MS),
    placeholderData: keepPreviousData,
  });
}
