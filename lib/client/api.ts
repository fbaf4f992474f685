import type { AnswerOf, Endpoint, RequestOf } from '@/lib/contract/api';
import { fillPath } from '@/lib/contract/paths';
import { activityHeaders } from './activity';
import { onCluster } from './cluster';

/** An answer of the API that is not 2xx. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown>,
  ) {
    super(message);
  }
}

/** Whether the request failed because another user had changed the same data in the meantime. */
export function isConflict(error: Error): boolean {
  return error instanceof ApiError && error.code === 'conflict';
}

/** Whether the session has ended. */
export function isSignedOut(error: Error): boolean {
  return error instanceof ApiError && error.code === 'not_signed_in';
}

interface Failure {
  error?: { code?: string; message?: string; details?: Record<string, unknown> };
}

/** What any request may carry beside what its endpoint takes. */
interface Carried {
  signal?: AbortSignal;
  /** Makes the same request twice one. */
  idempotencyKey?: string;
}

type Value = string | number | boolean | null | undefined;
type Values = Readonly<Record<string, Value | readonly Value[]>>;

/**
 * Asks an endpoint of the API.
 * @returns its answer; a text where it is no JSON
 * @throws ApiError with the API's own sentence; code `unreachable` or `offline` where nothing answers
 */
export async function ask<E extends Endpoint>(
  endpoint: E,
  request: RequestOf<E> & Carried,
): Promise<AnswerOf<E>> {
  const { body, signal, idempotencyKey }: Carried & { body?: unknown } = request;
  const response = await answerOf(addressOf(endpoint, request), {
    method: endpoint.slice(0, endpoint.indexOf(' ')),
    ...(signal ? { signal } : {}),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
  });
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return (await (isJson ? response.json() : response.text())) as AnswerOf<E>;
}

/** The address of an endpoint with its names and query, without the cluster. */
export function addressOf<E extends Endpoint>(endpoint: E, request: RequestOf<E>): string {
  const { params, query } = request as { params?: Readonly<Record<string, string | null>>; query?: Values };
  const path = fillPath(endpoint.slice(endpoint.indexOf(' ') + 1), params ?? {});
  const text = query ? queryText(query) : '';
  return text ? `${path}?${text}` : path;
}

/** Values as a query: lists repeat their name, and what is null, undefined or empty is left out. */
export function queryText(values: Values): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const item of [value].flat())
      if (item !== null && item !== undefined && item !== '') query.append(name, String(item));
  }
  return query.toString();
}

async function answerOf(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const headers = { ...(init.headers as Record<string, string>), ...activityHeaders() };
    response = await fetch(onCluster(path, location.search), { ...init, headers });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, navigator.onLine ? 'unreachable' : 'offline', String(error), {});
  }
  if (response.ok) return response;
  const { error } = (await response.json().catch(() => ({}))) as Failure;
  throw new ApiError(
    response.status,
    error?.code ?? 'unknown',
    error?.message ?? response.statusText,
    error?.details ?? {},
  );
}
