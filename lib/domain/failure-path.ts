import type { FailureKey } from './failure-views';

/** Stands in an address and in a filter for a type or an error that there is none of. */
export const NONE = '~';

/** Address of a failure's page. */
export function failurePath({ group, type, error }: FailureKey): string {
  return `/failures/${[group, type ?? NONE, error ?? NONE].map(encodeURIComponent).join('/')}`;
}

/** The failure that an address names. */
export function failureOfPath(group: string, type: string, error: string): FailureKey {
  return { group, type: type === NONE ? null : type, error: error === NONE ? null : error };
}
