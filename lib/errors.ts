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

/** Returns the error of invalid input: the place of each issue, and what is allowed there. */
export function invalid(error: z.ZodError): CourierError {
  const issues = error.issues.flatMap((issue) => closest(issue, []));
  const lines = issues.slice(0, 10).map(({ place, message }) => `${place || 'input'}: ${message}`);
  return new CourierError('invalid_input', lines.join('; '), { issues: issues.slice(0, 50) });
}

/** What is wrong with the input; of a choice, with the form that it comes closest to. */
function closest(
  issue: z.core.$ZodIssue,
  before: readonly PropertyKey[],
): { place: string; message: string }[] {
  const path = [...before, ...issue.path];
  const forms = issue.code === 'invalid_union' ? issue.errors : [];
  // A form that misses fewer fields and has fewer unknown ones is the one that was meant.
  const weightOf = (form: z.core.$ZodIssue[]): number =>
    form.reduce((sum, item) => sum + (item.code === 'unrecognized_keys' ? item.keys.length : 1), 0);
  const [meant] = forms.toSorted((a, b) => weightOf(a) - weightOf(b));
  if (meant) return meant.flatMap((item) => closest(item, path));
  return [{ place: path.map(String).join('.'), message: issue.message }];
}
