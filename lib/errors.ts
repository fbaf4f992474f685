import type { z } from 'zod';

/** Every code an answer of Courier's may carry, with the HTTP status it is answered with. */
export const ERROR_STATUS = {
  invalid_input: 400,
  invalid_cursor: 400,
  not_signed_in: 401,
  wrong_credentials: 401,
  wrong_token: 401,
  not_allowed: 403,
  wrong_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  timed_out: 408,
  conflict: 409,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  idempotency_mismatch: 422,
  too_many_requests: 429,
  internal: 500,
  broker_refused: 502,
  broker_unreachable: 503,
  store_unreachable: 503,
  store_full: 503,
  store_busy: 503,
  store_read_only: 503,
  schema_newer: 503,
  schema_older: 503,
  shutting_down: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;

/**
 * The one error family. The message is a sentence for the person or program that asked: the bad value, where it was,
 * what is allowed, what to do. Details are for machines and for the page's own words.
 */
export class CourierError extends Error {
  override readonly name = 'CourierError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** The sentence of anything that was thrown. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A refused connection to a name with several addresses is an AggregateError without a message.
  const inner = error instanceof AggregateError ? (error.errors as unknown[]).map(sentenceOf).join('; ') : '';
  return error.message || inner || error.name;
}

/** The error of input that does not fit: each place, what stands there, what is allowed. */
export function invalid(error: z.ZodError): CourierError {
  const lines = error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
  return new CourierError('invalid_input', lines.join('; '), {
    issues: error.issues
      .slice(0, 50)
      .map((issue) => ({ place: issue.path.join('.'), message: issue.message })),
  });
}
