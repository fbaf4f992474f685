import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RequestOf } from '@/lib/contract/api';
import type {
  HeldDecision,
  RetryItemPage,
  RetryItemRow,
  RetryOfManyRequest,
  RetryRequest,
  SelectedDeliveries,
} from '@/lib/contract/retries';
import { ask } from './api';
import { renew } from './renew';
import { pace } from './refresh';

/** The dry run of a retry, made when the dialog opens. */
export function useRetryPreview(messageId: string, groups: string[]) {
  const query = { message: messageId, group: groups };
  return useQuery({
    queryKey: ['retry preview', query],
    queryFn: ({ signal }) => ask('GET /api/retries/preview', { query, signal }),
    gcTime: 0,
    retry: false,
  });
}

/** Asks for a retry. @param key of this dialog: however often its button is pressed, it is one retry */
export function useCreateRetry(key: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: RetryRequest) => ask('POST /api/retries', { body: request, idempotencyKey: key }),
    onSuccess: (_, request) => renew(client, ['message', request.messageId]),
  });
}

/** Closes what ended without an answer. */
export function useCloseUnanswered(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask('POST /api/retries/{id}/unanswered', { params: { id }, body: {} }),
    onSettled: () => renew(client),
  });
}

/** The dry run of a retry of many, made when the dialog opens. */
export function useManyPreview(selected: SelectedDeliveries) {
  return useQuery({
    queryKey: ['retry preview', selected],
    queryFn: ({ signal }) => ask('POST /api/retries/preview-many', { body: selected, signal }),
    gcTime: 0,
    retry: false,
  });
}

/** Asks for a retry of many. @param key of this dialog, as with one message */
export function useCreateMany(key: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (request: RetryOfManyRequest) =>
      ask('POST /api/retries/many', { body: request, idempotencyKey: key }),
    onSuccess: () => renew(client),
  });
}

/** Retries that run, or those that ended. @param before cursor of the page before */
export function useRetries(running: boolean, before: string | null) {
  const query = { running, ...(before ? { before } : {}) };
  return useQuery({
    queryKey: ['retries', query],
    queryFn: ({ signal }) => ask('GET /api/retries', { query, signal }),
    refetchInterval: (query) => pace(query, 3_000),
    placeholderData: keepPreviousData,
  });
}

/** One retry, live while it runs. */
export function useRetry(id: string) {
  return useQuery({
    queryKey: ['retry', id],
    queryFn: ({ signal }) => ask('GET /api/retries/{id}', { params: { id }, signal }),
    refetchInterval: (query) => pace(query, query.state.data?.endedAt ? 15_000 : 1_500),
    retry: false,
  });
}

/** Decides what becomes of items that Courier holds since it will not guess whether they were sent. */
export function useDecideHeld(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: HeldDecision) =>
      ask('POST /api/retries/{id}/held', { params: { id }, body: { decision } }),
    onSettled: () => renew(client, ['retry', id]),
  });
}

function itemsOf(id: string, states: string[], after: string): RequestOf<'GET /api/retries/{id}/items'> {
  return { params: { id }, query: { states, ...(after === '0' ? {} : { after }) } };
}

/** Reads all items of a retry in some states, page after page. */
export async function readAllItems(id: string, states: string[]): Promise<RetryItemRow[]> {
  const rows: RetryItemRow[] = [];
  for (let after: string | null = '0'; after !== null;) {
    const page: RetryItemPage = await ask('GET /api/retries/{id}/items', itemsOf(id, states, after));
    rows.push(...page.rows);
    after = page.next;
  }
  return rows;
}

/** Items of a retry in some states. @param version of the counts that the page shows: other counts ask anew */
export function useRetryItems(id: string, states: string[], after: string, version: string) {
  const request = itemsOf(id, states, after);
  return useQuery({
    queryKey: ['retry items', request, version],
    queryFn: ({ signal }) => ask('GET /api/retries/{id}/items', { ...request, signal }),
    placeholderData: keepPreviousData,
  });
}
