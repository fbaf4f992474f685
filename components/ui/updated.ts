import { useSyncExternalStore } from 'react';

const ONCE_MORE_MS = 1_000;
const listeners = new Set<() => void>();
let isUpdated = false;

/**
 * Loads a part of the console that a page has not needed yet. It is tried once more; when that fails as well, the server
 * most likely has another version by now, and the page reports that.
 * @returns the part, or null where it can't be had
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T | null> {
  try {
    return await load();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, ONCE_MORE_MS));
  }
  try {
    return await load();
  } catch {
    announceUpdated();
    return null;
  }
}

/** Whether an error is that of a part that could not be loaded. */
export function isPartMissing(error: Error): boolean {
  return (
    error.name === 'ChunkLoadError' ||
    /failed to load chunk|loading (css )?chunk|dynamically imported module/i.test(error.message)
  );
}

/** Notifies the page that the server has another version of the console. */
export function announceUpdated(): void {
  isUpdated = true;
  for (const listener of listeners) listener();
}

/** Whether a part could not be loaded since the page was. */
export function useIsUpdated(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isUpdated,
    () => false,
  );
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
