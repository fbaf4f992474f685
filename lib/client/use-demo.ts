import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { DEMO_STEPS, type DemoStep } from '@/lib/contract/demo';
import { ask } from './api';

const KEY = 'courier-demo';
const CHANGED = 'courier-demo-changed';

/** Steps of the demo that this person has done, and whether the list is folded away; kept in this browser. */
export interface DemoProgress {
  done: DemoStep[];
  isFolded: boolean;
}
const NOTHING: DemoProgress = { done: [], isFolded: false };

/** The five things to try. */
export function useDemo() {
  return useQuery({
    queryKey: ['demo'],
    queryFn: ({ signal }) => ask('GET /api/demo', { signal }),
    // While it is not ready; later the things stay what they were, so that none changes under a person's hand.
    refetchInterval: ({ state }) => (state.data?.things ? false : 2_000),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
}

/** What was done of them; follows other tabs too. */
export function useDemoProgress(): DemoProgress {
  const text = useSyncExternalStore(subscribe, read, () => '');
  return parse(text);
}

/** Remembers that a step was done. */
export function tickDemoStep(step: DemoStep): void {
  const progress = parse(read());
  if (!progress.done.includes(step)) write({ ...progress, done: [...progress.done, step] });
}

export function foldDemo(isFolded: boolean): void {
  write({ ...parse(read()), isFolded });
}

/**
 * Which steps a person does by being on a page.
 * @param why address of the message that the second step asks about
 * @param isFound whether the palette led there
 */
export function demoStepsAt(path: string, query: string, why: string | null, isFound: boolean): DemoStep[] {
  const steps: DemoStep[] = [];
  if (path === why || path.startsWith('/failures/payment/')) steps.push('why');
  if (isFound || (path === '/messages' && /[?&](q|key)=/.test(query))) steps.push('find');
  if (path === '/groups/analytics') steps.push('watch');
  if (path.startsWith('/retries/')) steps.push('retry');
  return steps;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('storage', changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener('storage', changed);
    window.removeEventListener(CHANGED, changed);
  };
}

function read(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

function write(progress: DemoProgress): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(progress));
  } catch {
    // A browser that stores nothing ticks nothing off.
  }
  window.dispatchEvent(new Event(CHANGED));
}

function parse(text: string): DemoProgress {
  try {
    const found = JSON.parse(text) as Partial<DemoProgress>;
    const done = Array.isArray(found.done) ? found.done.filter((step) => DEMO_STEPS.includes(step)) : [];
    return { done, isFolded: found.isFolded === true };
  } catch {
    return NOTHING;
  }
}
