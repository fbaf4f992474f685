import { segmentOf } from '@/lib/values/path-segment';
import type { FailureKey } from './failures';

/** Represents a missing type or error in an address and in a filter. */
export const NONE = '~';

/** Address of a message's page. */
export function messagePath(id: string): string {
  return `/messages/${segmentOf(id)}`;
}

/** Address of a consumer group's page. */
export function groupPath(name: string): string {
  return `/groups/${segmentOf(name)}`;
}

/** Address of a topic's page. */
export function topicPath(name: string): string {
  return `/topics/${segmentOf(name)}`;
}

/** Address of one record by its place. */
export function recordPath(topic: string, partition: number | string, offset: string): string {
  return `${topicPath(topic)}/${partition}/${offset}`;
}

/** Address of a retry's page. */
export function retryPath(id: string): string {
  return `/retries/${segmentOf(id)}`;
}

/** Address of a failure's page. */
export function failurePath({ group, type, error }: FailureKey): string {
  return fillPath('/failures/{group}/{type}/{error}', { group, type, error });
}

/** The failure that an address names. */
export function failureOfPath(group: string, type: string, error: string): FailureKey {
  return { group, type: type === NONE ? null : type, error: error === NONE ? null : error };
}

/**
 * Puts names into the `{...}` of a path.
 * @param params a name for each; null is written `~`, so a name that begins with `~` is escaped
 */
export function fillPath(template: string, params: Readonly<Record<string, string | null>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    return value === null ? NONE : segmentOf(value ?? '');
  });
}
