import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';

/** Seconds between two refreshes that a person may choose; 0 is off. */
export const REFRESH_CHOICES = [0, 5, 10, 30, 60] as const;
export type RefreshChoice = (typeof REFRESH_CHOICES)[number];

const KEY = 'courier-refresh';
const CHANGED = 'courier-refresh-changed';
const DEFAULT: RefreshChoice = 5;

/**
 * When to ask again, for a query's `refetchInterval`: as often as the page asks for where the person chose the quickest,
 * else as they chose. One that was stopped before it had an answer waits for a person.
 */
export function pace(
  { state }: { state: { data: unknown; error: Error | null } },
  milliseconds: number | false,
): number | false {
  if (state.data === undefined && state.error === null) return false;
  const choice = read();
  if (milliseconds === false || choice === 0) return false;
  return choice === DEFAULT ? milliseconds : Math.max(milliseconds, choice * 1_000);
}

/** What this person chose, and how to choose. */
export function useRefreshChoice(): [RefreshChoice, (choice: RefreshChoice) => void] {
  const client = useQueryClient();
  const choice = useSyncExternalStore(subscribe, read, () => DEFAULT);
  const choose = useCallback(
    (next: RefreshChoice) => {
      try {
        localStorage.setItem(KEY, String(next));
      } catch {
        // A browser that stores nothing keeps the default.
      }
      window.dispatchEvent(new Event(CHANGED));
      // Intervals are computed when a query has an answer: ask once, and go on at the new pace.
      void client.invalidateQueries();
    },
    [client],
  );
  return [choice, choose];
}

/** When the newest answer on the page came, in milliseconds since 1970; 0 before the first. */
export function useUpdatedAt(): number {
  const client = useQueryClient();
  const cache = client.getQueryCache();
  const newest = () =>
    cache
      .findAll({ type: 'active' })
      .filter(({ queryKey }) => !BESIDE.has(String(queryKey[0])))
      .reduce((latest, query) => Math.max(latest, query.state.dataUpdatedAt), 0);
  return useSyncExternalStore(
    useCallback((changed) => cache.subscribe(changed), [cache]),
    newest,
    () => 0,
  );
}

/** Queries of the frame around every page; the age of their answers is not the age of the page's own data. */
const BESIDE = new Set(['workers', 'attention', 'demo', 'session']);

function read(): RefreshChoice {
  try {
    const stored = Number(localStorage.getItem(KEY) ?? DEFAULT);
    return REFRESH_CHOICES.find((choice) => choice === stored) ?? DEFAULT;
  } catch {
    return DEFAULT;
  }
}

function subscribe(changed: () => void): () => void {
  window.addEventListener(CHANGED, changed);
  window.addEventListener('storage', changed);
  return () => {
    window.removeEventListener(CHANGED, changed);
    window.removeEventListener('storage', changed);
  };
}
