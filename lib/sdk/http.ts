import { CLUSTER_HEADER } from '../protocol/headers';

/** An answer of the intake that is not 2xx. */
export class IntakeError extends Error {
  override readonly name = 'IntakeError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Where the intake is and how a service shows who it is. */
export interface IntakeOptions {
  /** For example http://127.0.0.1:3001 */
  url: string;
  token: string;
  /** Which of Courier's clusters the service is on; absent: the first. */
  cluster?: string;
}

/**
 * Posts JSON to the intake and reads the JSON answer.
 * @param timeoutMs the whole request may take
 * @param signal ends the request early
 * @throws IntakeError with the intake's own sentence
 */
export async function post<T>(
  intake: IntakeOptions,
  path: string,
  body: unknown,
  timeoutMs = 10_000,
  signal?: AbortSignal,
): Promise<T> {
  const ending = new AbortController();
  const end = (): void => ending.abort(signal?.reason);
  const timer = setTimeout(() => {
    ending.abort(new DOMException(`${path} did not answer in ${timeoutMs} ms`, 'TimeoutError'));
  }, timeoutMs);
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end);
  try {
    const response = await fetch(new URL(path, intake.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${intake.token}`,
        ...(intake.cluster ? { [CLUSTER_HEADER]: intake.cluster } : {}),
      },
      body: JSON.stringify(body),
      signal: ending.signal,
    });
    const text = await response.text();
    if (!response.ok)
      throw new IntakeError(response.status, `${path} answered ${response.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
