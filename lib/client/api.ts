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

/** Whether somebody else changed meanwhile what was asked about. */
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

/** Asks the API for JSON. @throws ApiError with the API's own sentence; `unreachable` or `offline` when nothing answers */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return ask<T>(path, signal ? { signal } : {});
}

/** Sends JSON to the API. @param idempotencyKey makes the same request twice one */
export async function send<T>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  idempotencyKey?: string,
): Promise<T> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
  return ask<T>(path, { method, headers, body: JSON.stringify(body) });
}

/** Asks the API for a text, such as a file. @throws ApiError as `get` does */
export async function getText(path: string): Promise<string> {
  return (await answerOf(path, {})).text();
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  return (await (await answerOf(path, init)).json().catch(() => ({}))) as T;
}

async function answerOf(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const headers = { ...(init.headers as Record<string, string> | undefined), ...activityHeaders() };
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
