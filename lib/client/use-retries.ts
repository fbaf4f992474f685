import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from './api';

export interface RetryPreview {
  at: string;
  body: { from: 'broker' | 'store'; position: string; size: number } | null;
  items: {
    group: string;
    targetTopic: string;
    others: string[];
    skip: 'not_failing' | 'being_retried' | 'no_body' | null;
    retriedBy: { operator: string; at: string } | null;
    attempts: number;
  }[];
}

/** The dry run of a retry, made when the dialog opens. */
export function useRetryPreview(messageId: string, groups: string[]) {
  const query = new URLSearchParams([
    ['message', messageId],
    ...groups.map((group): [string, string] => ['group', group]),
  ]);
  return useQuery({
    queryKey: ['retry preview', query.toString()],
    queryFn: ({ signal }) => get<RetryPreview>(`/api/retries/preview?${query}`, signal),
    gcTime: 0,
    retry: false,
  });
}

export interface RetryRequest {
  messageId: string;
  groups: string[];
  acceptOthers: string[];
  reason?: string;
}

/** Asks for a retry. @param key of this dialog: however often its button is pressed, it is one retry */
export function useCreateRetry(key: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: RetryRequest) => send<{ id: string }>('POST', '/api/retries', request, key),
    onSuccess: (_, request) => client.invalidateQueries({ queryKey: ['message', request.messageId] }),
  });
}
