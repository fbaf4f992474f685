'use client';

import { createContext, useContext, useSyncExternalStore } from 'react';

const RenderedDay = createContext('');
/** Rather than a timer until midnight, which a computer that sleeps would delay. */
const LOOK_EVERY_MS = 60_000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Gives the pages the day on which the server rendered them, so that hydration renders the same. */
export const RenderedDayProvider = RenderedDay.Provider;

/** Today in UTC, as `2026-11-29`; changes within a minute of midnight. */
export function useToday(): string {
  const rendered = useContext(RenderedDay);
  return useSyncExternalStore(subscribe, currentDay, () => rendered);
}

/** The day in UTC now, as `2026-11-29`. */
export function currentDay(): string {
  return new Date().toISOString().slice(0, 10);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const told of listeners) told();
  }, LOOK_EVERY_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
