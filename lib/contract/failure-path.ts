import { segmentOf } from '@/lib/values/path-segment';
import type { FailureKey } from './failures';

/** Stands in an address and in a filter for a type or an error that there is none of. */
export const NONE = '~';

/** Address of a failure's page. */
export function failurePath({ group, type, error }: FailureKey): string {
  return `/failures/${[segmentOf(group), partOf(type), partOf(error)].join('/')}`;
}

/** `~` stands for none, so a type of that name is written as any other that begins with it. */
function partOf(name: string | null): string {
  return name === null ? NONE : segmentOf(name);
}

/** The failure that an address names. */
export function failureOfPath(group: string, type: string, error: string): FailureKey {
  return { group, type: type === NONE ? null : type, error: error === NONE ? null : error };
}
