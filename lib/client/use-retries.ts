import { segmentOf } from '@/lib/values/path-segment';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ManyPreview,
  RetryItemRow,
  RetryListRow,
  RetryView,
  UnreadTarget,
} from '@/lib/contract/retries';
import { get, send } from './api';
import { renew } from './renew';
import { pace } from './refresh';

export interface RetryPreview {
  at: string;
  unread: UnreadTarget[];
  body: { from: 'broker' | 'store'; position: string; size: number } | null;
  items: {
    group: string;
    targetTopic: string;
    others: string[];
    skip: 'not_failing' | 'being_retried' | 'no_body' | 'owner_may_not_read' | null;
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
    onSuccess: (_, request) => renew(client, ['message', request.messageId]),
  });
}

/** Closes what ended without an answer. */
export function useCloseUnanswered(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send<{ items: number }>('POST', `/api/retries/${segmentOf(id)}/unanswered`, {}),
    onSettled: () => renew(client),
  });
}

/** Deliveries of one group: messages by id, or all of a failure. */
export type Selected =
  { group: string; messageIds: string[] } | { group: string; failure: { type: string; error: string } };

/** The dry run of a retry of many, made when the dialog opens. */
export function useManyPreview(selected: Selected) {
  return useQuery({
    queryKey: ['retry preview', JSON.stringify(selected)],
    queryFn: () => send<ManyPreview>('POST', '/api/retries/preview-many', selected),
    gcTime: 0,
    retry: false,
  });
}

/** Asks for a retry of many. @param key of this dialog, as with one message */
export function useCreateMany(key: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: { selected: Selected; acceptOthers: string[]; reason?: string }) =>
      send<{ id: string; open: number }>('POST', '/api/retries/many', request, key),
    onSuccess: () => renew(client),
  });
}

/** Retries that run, or those that ended. @param before cursor of the page before */
export function useRetries(running: boolean, before: string | null) {
  const query = new URLSearchParams({ running: String(running), ...(before ? { before } : {}) });
  return useQuery({
    queryKey: ['retries', query.toString()],
    queryFn: ({ signal }) =>
      get<{ at: string; rows: RetryListRow[]; next: string | null }>(`/api/retries?${query}`, signal),
    refetchInterval: (query) => pace(query, 3_000),
    placeholderData: keepPreviousData,
  });
}

/** One retry, live while it runs. */
export function useRetry(id: string) {
  return useQuery({
    queryKey: ['retry', id],
    queryFn: ({ signal }) => get<RetryView>(`/api/retries/${segmentOf(id)}`, signal),
    refetchInterval: (query) => pace(query, query.state.data?.endedAt ? 15_000 : 1_500),
    retry: false,
  });
}

/** Decides what becomes of items that Courier holds since it will not guess whether they were sent. */
export function useDecideHeld(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: 'send_again' | 'close_as_sent') =>
      send<{ items: number }>('POST', `/api/retries/${segmentOf(id)}/held`, { decision }),
    onSettled: () => renew(client, ['retry', id]),
  });
}

interface ItemPage {
  rows: RetryItemRow[];
  next: string | null;
}

function itemsPath(id: string, states: string[], after: string): string {
  const query = new URLSearchParams({
    ...(states.length > 0 ? { states: states.join(',') } : {}),
    ...(after === '0' ? {} : { after }),
  });
  return `/api/retries/${segmentOf(id)}/items?${query}`;
}

/** Reads all items of a retry in some states, page after page. */
export async function readAllItems(id: string, states: string[]): Promise<RetryItemRow[]> {
  const rows: RetryItemRow[] = [];
  for (let after: string | null = '0'; after !== null;) {
    const page: ItemPage = await get(itemsPath(id, states, after));
    rows.push(...page.rows);
    after = page.next;
  }
  return rows;
}

/** Items of a retry in some states. @param version of the counts that the page shows: other counts ask anew */
export function useRetryItems(id: string, states: string[], after: string, version: string) {
  const path = itemsPath(id, states, after);
  return useQuery({
    queryKey: ['retry items', path, version],
    queryFn: ({ signal }) => get<ItemPage>(path, signal),
    placeholderData: keepPreviousData,
  });
}
