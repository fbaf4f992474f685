import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MovePlanRequest, MoveRequest } from '@/lib/contract/groups';
import { ask } from './api';
import { pace } from './refresh';

/** A preview notices by itself that the members have stopped. */
const PREVIEW_EVERY_MS = 3_000;

/** What moving positions would do. @param plan null while it is incomplete */
export function useMovePreview(name: string, plan: MovePlanRequest | null) {
  return useQuery({
    queryKey: ['move-preview', name, plan],
    queryFn: ({ signal }) =>
      ask('POST /api/groups/{name}/moves/preview', {
        params: { name },
        body: plan ?? { topic: null, partition: null, to: { kind: 'end' } },
        signal,
      }),
    enabled: plan !== null,
    refetchInterval: (query) => pace(query, PREVIEW_EVERY_MS),
    gcTime: 0,
    retry: false,
  });
}

/** Moves positions as a preview listed them. */
export function useMovePositions(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: MoveRequest) => ask('POST /api/groups/{name}/moves', { params: { name }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['group', name] }),
  });
}

/** Has a group of the SDK give up the record at its position. */
export function useSkip(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { topic: string; partition: number; offset: string; reason?: string }) =>
      ask('POST /api/groups/{name}/skips', { params: { name }, body }),
    onSettled: () => client.invalidateQueries({ queryKey: ['group', name] }),
  });
}

/** Takes a move back. */
export function useUndoMove(name: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      ask('POST /api/groups/{name}/moves/{id}/undo', { params: { name, id }, body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ['group', name] }),
  });
}
